// The workers as a table: who lives, where, at what. Knows the document's workers alone.
import {el, hold, mark, say} from "./dom.js";
import {durationText, rateText} from "./format.js";

const LIVES = new Map([["live", {mark: "►", tone: "work"}], ["silent", {mark: "?", tone: "wait"}], ["gone", {mark: "■", tone: "none"}]]);
const TITLES = ["Worker", "Life", "Does", "Run", "Since", "Rate", "Host", "Device", "Port", "Heard of"];
const NUMBERS = new Set(["Since", "Rate", "Port", "Heard of"]);
const MINOR = new Set(["Device", "Port"]);

export class Workers {
  #store;
  #openDetails;
  #rows = new Map();
  #body = el("tbody");
  #place = document.getElementById("workers");

  constructor(store, openDetails) {
    this.#store = store;
    this.#openDetails = openDetails;
    const head = el("tr", {}, ...TITLES.map((title) => el("th", {scope: "col", class: looksOf(title)}, title)));
    this.#place.append(el("table", {class: "list"}, el("caption", {class: "unseen"}, "Workers"), el("thead", {}, head), this.#body), el("p", {class: "empty"}, "No worker has been here yet."));
  }

  draw() {
    const order = [...LIVES.keys()];
    const workers = this.#store.document.workers.toSorted((a, b) => order.indexOf(a.life) - order.indexOf(b.life) || a.worker.localeCompare(b.worker, "en", {numeric: true}));
    hold(this.#body, workers.map((worker) => this.#row(worker)));
    this.#place.firstChild.hidden = workers.length === 0;
    this.#place.lastChild.hidden = workers.length > 0;
  }

  #row(worker) {
    const id = `${worker.cluster} ${worker.worker}`;
    const row = this.#rows.get(id) ?? this.#make();
    this.#rows.set(id, row);
    const look = LIVES.get(worker.life) ?? LIVES.get("silent");
    mark(row.tile, "data-tone", look.tone);
    say(row.tile, look.mark);
    say(row.run, worker.run_id ?? "");
    row.run.hidden = !worker.run_id;
    this.#texts(worker).forEach((text, at) => say(row.cells[at], text));
    mark(row.node, "title", [worker.how, worker.message].filter((part) => part).join("; "));
    return row.node;
  }

  #texts(worker) {
    const ages = ["since_s", "heard_s"].map((field) => this.#store.ageOf(worker, field)).map((age) => (age === null ? "" : durationText(age)));
    const rate = worker.tokens_per_second ? `${rateText(worker.tokens_per_second)} tok/s` : "";
    return [worker.worker, worker.life, does(worker), ages[0], rate, worker.host ?? "", worker.device ?? "", worker.port ? String(worker.port) : "", ages[1] ? `${ages[1]} ago` : ""];
  }

  #make() {
    const tile = el("span", {class: "tile", "aria-hidden": "true"});
    const run = el("button", {type: "button", class: "link mono", onclick: () => this.#openDetails(run.textContent)});
    const cells = TITLES.filter((title) => title !== "Run").map(() => el("span"));
    const nodes = cells.map((cell, at) => (at === 0 ? el("th", {scope: "row"}, cell) : el("td", {class: looksOf(TITLES[at < 3 ? at : at + 1])}, at === 1 ? tile : null, cell)));
    nodes.splice(3, 0, el("td", {}, run));
    return {node: el("tr", {}, ...nodes), tile, run, cells};
  }
}

/** One that is gone did it last. */
function does({life, activity}) {
  return life === "gone" && activity && activity !== "stopped" ? `was ${activity}` : activity ?? "";
}

function looksOf(title) {
  return [NUMBERS.has(title) ? "number" : "nowrap", MINOR.has(title) ? "minor" : ""].join(" ").trim();
}
