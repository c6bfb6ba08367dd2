// The legend of the curves as a table: which line is which run, its value under the pointer, its newest and its best.
// It says in words what the drawing shows. Knows curves as steps and values.
import {el, hold, mark, say, svg} from "./dom.js";
import {countText, metricText, stateLook, stateWord, valueText} from "./format.js";
import {valueAt} from "./smooth.js";

/** onPoint(place of a curve or null): the reader points at its row. */
export class CurveTable {
  #view;
  #rows = new Map();
  #curves = [];
  #body = el("tbody");
  #title = el("th", {scope: "col"}, "Run");
  #at = el("th", {scope: "col", class: "number"}, "At pointer");
  #best = el("th", {scope: "col", class: "number"}, "Least");
  #openDetails;
  #onPoint;
  #place;

  constructor(place, view, openDetails, onPoint) {
    this.#view = view;
    this.#openDetails = openDetails;
    this.#onPoint = onPoint;
    this.#place = place;
    const head = el("tr", {}, this.#title, this.#at, el("th", {scope: "col", class: "number"}, "Newest"), this.#best, el("td"));
    place.append(el("table", {class: "list curve-list"}, el("caption", {class: "unseen"}, "The curves and their values"), el("thead", {}, head), this.#body));
    this.#body.addEventListener("pointerleave", () => this.#onPoint(null));
  }

  draw(curves, step) {
    this.#curves = curves;
    this.#place.hidden = curves.length === 0;
    const keys = keysApart(curves.map(({point}) => point), this.#view.keys);
    say(this.#title, keys.map((key) => key.short).join(" · ") || "Run");
    const name = (point) => keys.map((key) => valueText(point.overrides[key.name])).join(" · ") || point.run_id;
    hold(this.#body, curves.map((curve, at) => this.#row(curve, at, name(curve.point))));
    say(this.#best, this.#view.metric?.less === false ? "Greatest" : "Least");
    this.point(step);
  }

  /** The step under the pointer, or null. */
  point(step) {
    say(this.#at, step === null ? "At pointer" : `At ${countText(step)}`);
    for (const curve of this.#curves) {
      const value = step === null ? undefined : valueAt(curve, step);
      say(this.#rows.get(curve.point.run_id).at, value === undefined ? "" : value === null ? "NaN" : metricText(value));
    }
  }

  emphasise(at) {
    this.#curves.forEach(({point}, place) => mark(this.#rows.get(point.run_id).node, "data-on", place === at));
  }

  /** The values under the pointer of the first few. */
  words() {
    return this.#curves.slice(0, 6).map(({point}) => {
      const {link, at} = this.#rows.get(point.run_id);
      return `${link.textContent} ${at.textContent || "nothing"}`;
    }).join("; ");
  }

  #row(curve, at, name) {
    const {point} = curve;
    const row = this.#rows.get(point.run_id) ?? this.#make(point);
    this.#rows.set(point.run_id, row);
    row.place = at;
    mark(row.line, "data-line", at % 8);
    mark(row.line, "stroke-dasharray", [null, "7 4", "2 3"][Math.floor(at / 8)]);
    const look = stateLook(point.state);
    mark(row.mark, "data-tone", look.tone);
    mark(row.mark, "title", stateWord(point.state));
    say(row.mark, look.mark);
    say(row.link, name);
    mark(row.link, "title", this.#view.name(point));
    const finite = curve.value.filter((value) => value !== null);
    const last = curve.value.at(-1);
    say(row.newest, curve.value.length === 0 ? "" : last === null ? "NaN" : metricText(last));
    say(row.best, finite.length === 0 ? "" : metricText(finite.reduce((a, b) => (this.#view.metric?.less === false ? Math.max(a, b) : Math.min(a, b)))));
    row.drop.hidden = !this.#view.isSelected;
    mark(row.drop, "aria-label", `Take ${name} out of the selection`);
    return row.node;
  }

  #make(point) {
    const id = point.run_id;
    const row = {at: el("td", {class: "number"}), newest: el("td", {class: "number"}), best: el("td", {class: "number"}), mark: el("span", {class: "tile"})};
    row.line = svg("line", {x1: 1, y1: 6, x2: 25, y2: 6});
    row.link = el("button", {type: "button", class: "link", onclick: () => this.#openDetails(id)});
    row.drop = el("button", {type: "button", class: "quiet small", onclick: () => this.#drop(id)}, "×");
    const name = el("th", {scope: "row"}, el("span", {class: "curve-name"}, svg("svg", {class: "swatch", viewBox: "0 0 26 12", "aria-hidden": "true"}, row.line), row.mark, row.link));
    row.node = el("tr", {onpointerenter: () => this.#onPoint(row.place), onfocusin: () => this.#onPoint(row.place)}, name, row.at, row.newest, row.best, el("td", {}, row.drop));
    return row;
  }

  #drop(id) {
    const curve = this.#curves.find(({point}) => point.run_id === id);
    if (curve) {
      this.#view.toggle([curve.point]);
    }
  }
}

/** The keys by which these differ; where they differ by none, or there is one alone, all. */
function keysApart(points, keys) {
  const apart = keys.filter((key) => new Set(points.map((point) => JSON.stringify(point.overrides[key.name]))).size > 1);
  return apart.length > 0 ? apart : keys;
}
