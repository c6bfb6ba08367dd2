// The head of the page: which sweep, how far, how fast, how long still, what needs attention. Knows nothing of
// single points but their states.
import {copyButton, el, hold, mark, offer, say} from "./dom.js";
import {clockText, countText, dateText, metricText, plural, rateText, spanText, stateLook, stateWord, STATES} from "./format.js";

const byId = (id) => document.getElementById(id);

/** Draws from view and store; the chips set the filter of states. */
export class Header {
  #store;
  #view;
  #choice;
  #openDetails;
  #chips = new Map();
  #segments = new Map();
  #figures = new Map();
  #said = "";

  constructor(store, view, choice, openDetails) {
    this.#store = store;
    this.#view = view;
    this.#choice = choice;
    this.#openDetails = openDetails;
    byId("sweep").addEventListener("change", (event) => choose(choice, event.target.value));
  }

  draw() {
    const sweep = this.#view.sweep;
    this.#drawTitle(sweep);
    this.#drawFigures(sweep);
    this.#drawStates(sweep);
    this.#drawAttention(sweep.attention ?? [], this.#store.document.notes ?? []);
  }

  #drawTitle(sweep) {
    const sweeps = this.#store.document.sweeps;
    byId("sweep-label").hidden = sweeps.length < 2;
    offer(byId("sweep"), sweeps.map((one) => [String(one.index), `${one.name} (${done(one)} of ${one.points.length})`]), String(sweep.index));
    say(byId("title"), sweep.name);
    const about = [sweep.description, sweep.file].filter((part) => part);
    say(byId("about"), about.join(" · "));
    const title = `${done(sweep)}/${sweep.points.length} ${sweep.name}`;
    if (document.title !== title) {
      document.title = title;
    }
    const made = Date.parse(this.#store.document.made);
    say(byId("foot"), `Sweep Runner ${this.#store.document.version} · ${this.#store.document.storage_root} · document of ${dateText(made)}`);
  }

  #drawFigures(sweep) {
    const total = sweep.points.length;
    this.#figure("done", "Finished", `${countText(done(sweep))} of ${countText(total)}`, sweep.progress === null ? "" : `${(sweep.progress * 100).toFixed(sweep.progress > 0 && sweep.progress < 0.1 ? 1 : 0)} % of the work`);
    const workers = this.#store.document.workers.filter((worker) => worker.life === "live");
    const rate = sweep.tokens_per_second;
    this.#figure("rate", "Rate", rate ? `${rateText(rate)}/s` : "–", rate ? `${sweep.work_unit ?? "tokens"} per second, all workers` : plural(workers.length, "live worker", "live workers"));
    this.#figure("left", "Left", this.#left(sweep), this.#until(sweep));
    this.#drawBest();
  }

  #left(sweep) {
    return sweep.ended ? "ended" : sweep.eta_s ? spanText(sweep.eta_s) : "–";
  }

  #until(sweep) {
    if (sweep.ended) {
      return "nothing is left to do";
    }
    if (!sweep.eta_s) {
      return "known once runs have been timed";
    }
    const now = this.#store.now();
    const [from, to] = [sweep.eta_s.from, sweep.eta_s.to].map((seconds) => clockText(now + seconds * 1000, now));
    return from === to ? `at ${to}` : `between ${from} and ${to}`;
  }

  #drawBest() {
    const best = this.#view.best;
    const metric = this.#view.metric;
    const figure = this.#figure("best", metric ? `Best ${metric.name}` : "Best", best ? metricText(this.#view.value(best)) : "–", "");
    if (!figure.link) {
      figure.link = el("button", {type: "button", class: "link", onclick: () => this.#view.best && this.#openDetails(this.#view.best.run_id)});
      figure.below.append(figure.link);
    }
    say(figure.link, best ? this.#view.name(best) : "");
    figure.link.hidden = best === null;
  }

  #figure(id, title, large, below) {
    let figure = this.#figures.get(id);
    if (!figure) {
      figure = {title: el("span", {class: "figure-title"}), large: el("strong"), below: el("span", {class: "figure-below"})};
      this.#figures.set(id, figure);
      byId("figures").append(el("div", {class: "figure", id: `figure-${id}`}, figure.title, figure.large, figure.below));
    }
    say(figure.title, title);
    say(figure.large, large);
    if (!figure.link) {
      say(figure.below, below);
    }
    return figure;
  }

  #drawStates(sweep) {
    const there = statesOf(sweep);
    const chosen = this.#choice.list("states");
    mark(byId("bar"), "aria-label", there.map((state) => `${sweep.counts[state]} ${stateWord(state)}`).join(", "));
    hold(byId("bar"), there.map((state) => this.#segment(state, sweep)));
    const listed = [...new Set([...there, ...chosen])];
    hold(byId("legend"), listed.map((state) => this.#chip(state, sweep.counts[state] ?? 0, chosen.includes(state))));
  }

  #segment(state, sweep) {
    const segment = this.#segments.get(state) ?? el("span", {class: "segment", "data-tone": stateLook(state).tone});
    this.#segments.set(state, segment);
    segment.style.flexGrow = sweep.counts[state];
    say(segment, sweep.counts[state] / sweep.points.length > 0.03 ? stateLook(state).mark : "");
    return segment;
  }

  #chip(state, count, pressed) {
    let chip = this.#chips.get(state);
    if (!chip) {
      const number = el("b");
      const button = el(
        "button",
        {type: "button", class: "chip", onclick: () => this.#toggle(state)},
        el("span", {class: "tile", "data-tone": stateLook(state).tone, "aria-hidden": "true"}, stateLook(state).mark),
        el("span", {}, stateWord(state)),
        " ",
        number,
      );
      chip = {button, number};
      this.#chips.set(state, chip);
    }
    say(chip.number, countText(count));
    mark(chip.button, "aria-pressed", String(pressed));
    return chip.button;
  }

  #toggle(state) {
    const chosen = this.#choice.list("states");
    const after = chosen.includes(state) ? chosen.filter((one) => one !== state) : [...chosen, state];
    this.#choice.set({states: after, page: null});
  }

  /** What needs attention, with its command; and what the server has to say besides. */
  #drawAttention(lines, notes) {
    const now = JSON.stringify([lines, notes]);
    if (now !== this.#said) {
      this.#said = now;
      fill(byId("attention"), lines);
      fill(byId("notes"), notes.map((text) => ({text})));
    }
  }
}

function fill(list, lines) {
  list.replaceChildren(...lines.map(attentionLine));
  list.hidden = lines.length === 0;
}

function attentionLine({text, command}) {
  const way = command ? [el("code", {}, command), copyButton(command)] : [];
  return el("li", {}, el("span", {class: "tile", "data-tone": "bad", "aria-hidden": "true"}, "!"), el("span", {}, text), ...way);
}

function done(sweep) {
  return (sweep.counts.finished ?? 0) + (sweep.counts.elsewhere ?? 0);
}

/** The states that points are in, in their order; one that this page does not know comes last. */
function statesOf(sweep) {
  const there = Object.keys(sweep.counts).filter((state) => sweep.counts[state] > 0);
  return [...[...STATES.keys()].filter((state) => there.includes(state)), ...there.filter((state) => !STATES.has(state))];
}

/** Another sweep: what was chosen for the one before has no meaning there. */
function choose(choice, index) {
  const kept = {find: null, states: null, runs: null, rows: null, columns: null, keys: null, metric: null, page: null, sort: null, run: null};
  choice.set({...kept, sweep: index});
}
