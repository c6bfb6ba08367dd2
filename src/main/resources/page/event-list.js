// The timeline as a list, newest first: who began, gave back, lost, took over or finished which run. Knows claims, and
// names of runs through the view.
import {el, hold, say} from "./dom.js";
import {dateText, endLook, plural} from "./format.js";

const MOST_EVENTS = 200;

/** Closed at first; made only while it is open. */
export class EventList {
  #view;
  #openDetails;
  #body = el("tbody");
  #summary = el("summary");
  #trouble = el("input", {type: "checkbox"});
  #events = [];

  constructor(view, openDetails) {
    this.#view = view;
    this.#openDetails = openDetails;
    const head = el("tr", {}, ...["When", "Worker", "Run", "What"].map((title) => el("th", {scope: "col"}, title)));
    const table = el("table", {class: "list"}, el("caption", {class: "unseen"}, "Events, newest first"), el("thead", {}, head), this.#body);
    this.node = el("details", {class: "events"}, this.#summary, el("label", {}, this.#trouble, " only takeovers and failures"), el("div", {class: "wide scroll", tabindex: "0", role: "region", "aria-label": "Events"}, table));
    this.node.addEventListener("toggle", () => this.#fill());
    this.#trouble.addEventListener("change", () => this.#fill());
  }

  draw(claims, runs) {
    this.#events = claims.flatMap((claim) => eventsOf(claim, runs.get(claim.run_id)));
    this.#events.sort((a, b) => b.at - a.at);
    say(this.#summary, `${plural(this.#events.length, "event", "events")} as a list`);
    this.#fill();
  }

  #fill() {
    if (this.node.open) {
      const wanted = this.#trouble.checked ? this.#events.filter((event) => event.trouble) : this.#events;
      hold(this.#body, wanted.slice(0, MOST_EVENTS).map((event) => this.#row(event)));
    }
  }

  #row({at, claim, point, what}) {
    const name = point ? this.#view.name(point) : "";
    const run = el("button", {type: "button", class: "link", onclick: () => this.#openDetails(claim.run_id)}, `${claim.run_id} ${name}`);
    return el("tr", {}, el("td", {class: "nowrap"}, dateText(at)), el("td", {}, claim.worker), el("td", {}, run), el("td", {}, what));
  }
}

function eventsOf(claim, point) {
  const began = {at: Date.parse(claim.from), claim, point, trouble: claim.takes_over, what: claim.takes_over ? "⇥ took the run over" : claim.iter_from > 0 ? `began at iteration ${claim.iter_from}` : "began"};
  if (!claim.to) {
    return [began];
  }
  const look = endLook(claim.end);
  const trouble = ["failed", "poisoned", "taken over"].includes(claim.end);
  return [began, {at: Date.parse(claim.to), claim, point, trouble, what: `${look.mark} ${look.words}${claim.detail ? `: ${claim.detail}` : ""}`}];
}
