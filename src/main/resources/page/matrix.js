// The grid as a matrix over two keys: each cell the points of its row and column with their state, by colour and by
// mark, and the newest value. Moves by arrow keys. Knows the points through the view alone.
import {arrange, MANY_COLUMNS, plan} from "./arrange.js";
import {begun, cellInside, cellSentence, cellWords, toneOf, valueOf} from "./cell.js";
import {el, hold, mark, say} from "./dom.js";
import {metricText, toNumber, valueText} from "./format.js";
import {gridControls} from "./matrix-controls.js";
import {valueScale} from "./scale.js";

const MOST_TILES = 12;
const MOVES = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};

/** One table with the role of a grid per combination of the keys that stand apart. */
export class Matrix {
  #view;
  #choice;
  #place = document.getElementById("grids");
  #line = document.getElementById("grid-line");
  #controls;
  #scale;
  #layout;
  #grid = null;
  #dense = false;
  #signature = "";
  #cells = new Map();
  #active = null;
  #onHover;
  #openDetails;

  /** onHover(points or null): what the pointer is over. */
  constructor(view, choice, {onHover, openDetails}) {
    this.#view = view;
    this.#choice = choice;
    this.#onHover = onHover;
    this.#openDetails = openDetails;
    this.#controls = gridControls(document.getElementById("grid-controls"), choice);
    this.#listen();
  }

  /** All anew where the arrangement is another; else only what the changed points touch. */
  draw(changed) {
    const sweep = this.#view.sweep;
    this.#layout = plan(sweep.keys, wishes(this.#choice));
    const signature = JSON.stringify([sweep.index, sweep.points.length, this.#layout, sweep.points[0]?.run_id]);
    this.#controls(this.#view, this.#layout);
    const scale = valueScale(this.#view, this.#choice.get("colour") === "value");
    const another = JSON.stringify(scale?.ends) !== JSON.stringify(this.#scale?.ends) || changed === null;
    this.#scale = scale;
    if (signature !== this.#signature || changed?.everything) {
      this.#signature = signature;
      this.#build(sweep);
    } else if (another) {
      this.#cells.forEach((cell) => this.#drawCell(cell));
    } else {
      this.#drawSome(changed.points);
    }
    this.#drawScale();
  }

  /** Lets the cells of these stand out for as long as something points at them. */
  emphasise(points) {
    const places = new Set((points ?? []).map((point) => this.#grid?.places.get(point.index)?.join()));
    this.#cells.forEach((cell, place) => mark(cell.node, "data-on", places.has(place)));
  }

  #drawSome(changes) {
    const touched = new Set();
    for (const {after, sweep} of changes) {
      const place = sweep === this.#view.sweep && this.#grid?.places.get(after.index);
      if (place) {
        const cell = this.#cells.get(place.join());
        cell.points = cell.points.map((point) => (point.index === after.index ? after : point));
        touched.add(cell);
      }
    }
    const best = this.#view.best;
    this.#cells.forEach((cell) => {
      if (touched.has(cell) || cell.hasBest !== cell.points.some((point) => point.run_id === best?.run_id)) {
        this.#drawCell(cell);
      }
    });
  }

  #build(sweep) {
    const focused = this.#place.contains(document.activeElement) ? this.#active?.at.join() : null;
    this.#cells.clear();
    this.#active = null;
    this.#grid = arrange(sweep.points, this.#layout);
    if (this.#grid === null) {
      this.#place.replaceChildren(el("p", {class: "empty"}, "These two keys have too many values for a matrix: choose others, or look at the runs below."));
      return;
    }
    this.#dense = this.#grid.columns.length > MANY_COLUMNS;
    mark(this.#place.closest(".pair"), "data-wide", this.#dense);
    this.#place.replaceChildren(...this.#grid.grids.map((grid, number) => this.#table(grid, number)));
    const first = this.#cells.get(focused) ?? this.#cells.values().next().value;
    mark(first.node, "tabindex", "0");
    if (focused) {
      first.node.focus({preventScroll: true});
    }
  }

  #table(grid, number) {
    const {rows, columns} = this.#layout;
    const shorts = new Map(this.#view.keys.map((key) => [key.name, key.short]));
    const title = grid.values.map(([key, value]) => `${shorts.get(key.name)} = ${valueText(value)}`).join(", ");
    const corner = [rows, columns].map((key) => (key ? shorts.get(key.name) : ""));
    const over = el("tr", {role: "row"},
      el("td", {class: "corner", role: "gridcell"}),
      el("th", {class: "over-all", scope: "colgroup", role: "columnheader", colspan: this.#grid.columns.length}, corner[1] ? `${corner[1]} →` : ""));
    const head = el("tr", {role: "row"},
      el("td", {class: "corner", role: "gridcell"}, corner[0] ? `${corner[0]} ↓` : ""),
      ...this.#grid.columns.map((value) => el("th", {scope: "col", role: "columnheader"}, columns ? valueText(value) : "all")));
    const body = this.#grid.rows.map((value, row) =>
      el("tr", {role: "row"},
        el("th", {scope: "row", role: "rowheader"}, rows ? valueText(value) : "all"),
        ...grid.cells[row].map((points, column) => this.#cell(points, [number, row, column]))));
    const words = `Points by ${corner.filter((part) => part).join(" and ") || "nothing"}${title ? `, ${title}` : ""}`;
    const caption = el("caption", title ? {} : {class: "unseen"}, title || words);
    return el("div", {class: "wide"}, el("table", {role: "grid", class: this.#dense ? "grid dense" : "grid", "aria-label": words}, caption, el("thead", {role: "rowgroup"}, columns ? over : null, head), el("tbody", {role: "rowgroup"}, ...body)));
  }

  #cell(points, at) {
    const node = el("td", {role: "gridcell", tabindex: "-1", "data-at": at.join()});
    const cell = {node, points, at, hasBest: false, looks: ""};
    this.#cells.set(at.join(), cell);
    this.#drawCell(cell);
    return node;
  }

  #drawCell(cell) {
    const {node, points} = cell;
    const best = this.#view.best;
    cell.hasBest = best !== null && points.some((point) => point.run_id === best.run_id);
    const value = valueOf(points, this.#view, this.#layout);
    const looks = this.#looks(cell, value);
    if (looks === cell.looks) {
      return;
    }
    cell.looks = looks;
    node.className = `cell${cell.hasBest ? " best" : ""}${points.length > 1 ? " several" : ""}`;
    mark(node, "data-tone", toneOf(points));
    const chosen = points.filter((point) => this.#view.isChosen(point));
    mark(node, "aria-selected", String(points.length > 0 && chosen.length >= begun(points).length));
    mark(node, "data-line", chosen.length > 0 ? this.#view.colour(chosen[0]) % 8 : null);
    mark(node, "data-dim", points.length > 0 && this.#view.isFiltered && !points.some((point) => this.#view.passes(point)));
    this.#paint(node, value);
    node.replaceChildren(...cellInside(points, value, cell.hasBest, this.#view, this.#dense ? 1 : MOST_TILES));
    mark(node, "aria-label", points.length === 0 ? "no point" : cellWords(points, value, cell.hasBest, this.#view, this.#layout));
  }

  /** All that a cell's looks depend on, so that only cells that look different are touched. */
  #looks({points, hasBest}, value) {
    const each = points.map((point) => `${point.state} ${point.iter} ${this.#view.isChosen(point) ? this.#view.colour(point) : ""} ${this.#view.passes(point)}`);
    return `${each.join()} ${value} ${hasBest} ${this.#view.metric?.name} ${this.#scale?.ends.join()}`;
  }

  #paint(node, value) {
    const colours = this.#scale?.of(toNumber(value)) ?? null;
    node.style.background = colours ? colours.ground : "";
    node.style.color = colours ? colours.ink : "";
  }

  #listen() {
    this.#place.addEventListener("keydown", (event) => this.#key(event));
    this.#place.addEventListener("click", (event) => this.#click(event));
    this.#place.addEventListener("dblclick", (event) => this.#details(this.#under(event)));
    this.#place.addEventListener("focusin", (event) => this.#enter(this.#under(event)));
    this.#place.addEventListener("pointerover", (event) => this.#describe(this.#under(event), event.target.dataset.run));
    this.#place.addEventListener("pointerleave", () => this.#left());
    this.#place.addEventListener("focusout", () => this.#onHover(null));
  }

  #under(event) {
    const node = event.target.closest?.("[data-at]");
    return node ? this.#cells.get(node.dataset.at) : null;
  }

  #click(event) {
    const cell = this.#under(event);
    const run = event.target.dataset.run;
    const points = cell?.points.filter((point) => !run || point.run_id === run) ?? [];
    if (points.length > 0) {
      cell.node.focus({preventScroll: true});
      this.#view.toggle(begun(points));
    }
  }

  #details(cell) {
    if (cell?.points.length > 0) {
      this.#openDetails(cell.points[0].run_id);
    }
  }

  #enter(cell) {
    if (cell && cell !== this.#active) {
      this.#cells.forEach((other) => mark(other.node, "tabindex", other === cell ? "0" : "-1"));
      this.#active = cell;
    }
    this.#describe(cell, undefined);
  }

  #key(event) {
    const cell = this.#under(event);
    if (!cell || event.altKey || event.metaKey) {
      return;
    }
    const to = this.#target(event, cell.at);
    if (to) {
      event.preventDefault();
      this.#cells.get(to.join())?.node.focus();
    } else if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      this.#view.toggle(begun(cell.points));
    } else if (event.key === "i") {
      this.#details(cell);
    }
  }

  #target(event, [grid, row, column]) {
    const last = [this.#grid.rows.length - 1, this.#grid.columns.length - 1];
    if (event.key === "Home" || event.key === "End") {
      const end = event.key === "End";
      return [grid, event.ctrlKey ? (end ? last[0] : 0) : row, end ? last[1] : 0];
    }
    const move = MOVES[event.key];
    if (!move) {
      return null;
    }
    const clamp = (value, most) => Math.min(most, Math.max(0, value));
    return [grid, clamp(row + move[0], last[0]), clamp(column + move[1], last[1])];
  }

  /** What the keys are at is still told of, but nothing stands out any more. */
  #left() {
    this.#describe(this.#active, undefined);
    this.#onHover(null);
  }

  #describe(cell, run) {
    const points = cell?.points.filter((point) => !run || point.run_id === run) ?? [];
    this.#onHover(points.length > 0 ? points : null);
    say(this.#line, points.length === 0 ? "Point at a cell, or go there by arrow keys. Enter selects its runs for the curves, i shows all facts." : cellSentence(points, this.#view, this.#layout));
  }

  #drawScale() {
    const place = document.getElementById("grid-scale");
    place.hidden = !this.#scale;
    if (this.#scale) {
      hold(place, []);
      place.append(el("span", {}, `best ${metricText(this.#scale.ends[0])}`), el("span", {class: "ramp"}), el("span", {}, `${metricText(this.#scale.ends[1])} and worse`));
    }
    if (this.#line.textContent === "") {
      this.#describe(null, undefined);
    }
  }
}

/** What the reader has chosen: rows, columns, and "key:mode" of the further keys. */
function wishes(choice) {
  const others = new Map(JSON.parse(choice.get("keys", "[]")));
  return {rows: choice.get("rows"), columns: choice.get("columns"), others};
}
