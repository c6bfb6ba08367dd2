// The runs as a table: sorted by any column, filtered by state and by words, so many to a page that ten thousand are
// no burden. Knows the points through the view.
import {el, hold, mark, offer, say} from "./dom.js";
import {countText, durationText, metricText, plural, rateText, stateLook, stateWord, STATES, toNumber, valueText} from "./format.js";

const PAGE_SIZES = ["25", "50", "200"];
const DEFAULT_SIZE = "25";
const MOST_KEY_COLUMNS = 5;
const NARROW = matchMedia("(max-width: 640px)");
const WORDS = new Intl.Collator("en", {numeric: true});
const STATE_ORDER = [...STATES.keys()];

/** Rows stay the same elements as long as their run is on the page; only cells whose text differs are touched. */
export class Runs {

  #view;
  #choice;
  #openDetails;
  #onHover;
  #place = document.getElementById("runs");
  #pages = document.getElementById("runs-pages");
  #head = el("tr");
  #body = el("tbody");
  #caption = el("caption", {class: "unseen"});
  #rows = new Map();
  #signature = "";
  #columns = [];
  #controls;
  #pager;

  constructor(view, choice, {onHover, openDetails}) {

    this.#view = view;
    this.#choice = choice;
    this.#openDetails = openDetails;
    this.#onHover = onHover;
    this.#place.append(el("table", {class: "list runs"}, this.#caption, el("thead", {}, this.#head), this.#body));
    this.#controls = this.#makeControls();
    this.#pager = this.#makePager();
    this.#body.addEventListener("pointerleave", () => this.#onHover(null));
    NARROW.addEventListener("change", () => this.#signature !== "" && this.draw());
  }

  draw() {
    this.#drawHead();
    const points = this.#sorted();
    const size = Number(this.#size());
    const last = Math.max(0, Math.ceil(points.length / size) - 1);
    const page = Math.min(last, Math.max(0, Number(this.#choice.get("page", "1")) - 1 || 0));
    const here = points.slice(page * size, (page + 1) * size);
    this.#rows = new Map(here.map((point) => [point.run_id, this.#rows.get(point.run_id) ?? this.#makeRow(point.run_id)]));
    here.forEach((point) => this.#fillRow(this.#rows.get(point.run_id), point));
    hold(this.#body, here.map((point) => this.#rows.get(point.run_id).node));
    this.#drawAround(points, page, last, size);
  }

  #drawAround(points, page, last, size) {
    const total = this.#view.sweep.points.length;
    const shown = this.#view.isFiltered ? `${countText(points.length)} of ${plural(total, "run", "runs")}` : plural(total, "run", "runs");
    say(this.#controls.count, shown);
    say(this.#caption, `${shown}, a button in each head sorts`);
    const find = this.#choice.get("find");
    if (this.#controls.find.value !== find && document.activeElement !== this.#controls.find) {
      this.#controls.find.value = find;
    }
    this.#controls.clear.hidden = !this.#view.isFiltered;
    this.#pages.hidden = total <= Number(PAGE_SIZES[0]);
    say(this.#pager.words, points.length === 0 ? "nothing fits these filters" : `${countText(page * size + 1)} to ${countText(Math.min(points.length, (page + 1) * size))} of ${countText(points.length)}`);
    this.#pager.back.disabled = page === 0;
    this.#pager.on.disabled = page === last;
    this.#pager.page = page + 1;
    offer(this.#pager.size, PAGE_SIZES.map((one) => [one, one]), this.#size());
  }

  #size() {
    const size = this.#choice.get("size", DEFAULT_SIZE);
    return PAGE_SIZES.includes(size) ? size : DEFAULT_SIZE;
  }

  #sorted() {
    const [, down, id] = /^(-?)(.*)$/.exec(this.#choice.get("sort", "index"));
    const column = this.#columns.find((one) => one.id === id);
    const points = this.#view.shown;
    if (!column?.order) {
      return down && id === "index" ? points.toReversed() : points;
    }
    const keyed = points.map((point) => [column.order(point), point]);
    return keyed.sort(([a], [b]) => compare(a, b, down ? -1 : 1)).map(([, point]) => point);
  }

  #drawHead() {
    const signature = JSON.stringify([this.#view.sweep.index, this.#view.keys.map((key) => key.short), this.#view.metric, NARROW.matches, timed(this.#view)]);
    if (signature !== this.#signature) {
      this.#signature = signature;
      this.#rows.clear();
      this.#columns = columnsOf(this.#view);
      this.#head.replaceChildren(...this.#columns.map((column) => this.#headCell(column)));
    }
    const sort = this.#choice.get("sort", "index");
    this.#columns.forEach((column, at) => {
      const way = sort === column.id ? "ascending" : sort === `-${column.id}` ? "descending" : null;
      mark(this.#head.children[at], "aria-sort", way);
    });
  }

  #headCell(column) {
    const inside = column.id === "pick" ? el("span", {class: "unseen"}, "Curve") : el("button", {type: "button", class: "sort", onclick: () => this.#sortBy(column)}, column.title);
    return el("th", {scope: "col", class: column.looks ?? ""}, inside);
  }

  #sortBy({id, first}) {
    const sort = this.#choice.get("sort", "index");
    const [one, other] = first === "down" ? [`-${id}`, id] : [id, `-${id}`];
    const next = sort === one ? other : sort === other ? null : one;
    this.#choice.set({sort: next, page: null});
  }

  #makeRow(id) {
    const point = () => this.#view.sweep.points.find((one) => one.run_id === id);
    const pick = el("input", {type: "checkbox", onchange: () => point() && this.#view.toggle([point()])});
    const cells = this.#columns.map((column) => this.#makeCell(column, pick, id));
    const node = el("tr", {onpointerenter: () => point() && this.#onHover([point()])}, ...cells.map((cell) => cell.node));
    return {node, cells, pick, point: null, colour: null};
  }

  #makeCell(column, pick, id) {
    if (column.id === "pick") {
      return {node: el("td", {class: column.looks}, pick)};
    }
    if (column.id === "run") {
      const text = el("button", {type: "button", class: column.text ? "link" : "link mono", onclick: () => this.#openDetails(id)}, id);
      return {node: el("th", {scope: "row", class: column.looks ?? ""}, text), text};
    }
    const text = el("span");
    const extra = column.id === "state" ? el("span", {class: "tile", "aria-hidden": "true"}) : column.id === "progress" ? el("span", {class: "meter", "aria-hidden": "true"}, el("span")) : null;
    return {node: el("td", {class: column.looks ?? ""}, extra, text), text, extra};
  }

  #fillRow(row, point) {
    const colour = this.#view.isChosen(point) ? this.#view.colour(point) % 8 : null;
    if (row.colour !== colour) {
      row.colour = colour;
      row.pick.checked = colour !== null;
      mark(row.node, "data-line", colour);
    }
    row.pick.checked = colour !== null;
    mark(row.node, "data-best", this.#view.best?.run_id === point.run_id);
    if (row.point === point) {
      return;
    }
    row.point = point;
    mark(row.pick, "aria-label", `Draw the curve of ${this.#view.name(point)}`);
    this.#columns.forEach((column, at) => this.#fillCell(column, row.cells[at], point));
  }

  #fillCell(column, cell, point) {
    if (column.text) {
      const text = column.text(point);
      say(cell.text, text);
      mark(cell.node, "title", column.id === "reason" ? text : null);
    }
    if (column.id === "state") {
      mark(cell.extra, "data-tone", stateLook(point.state).tone);
      say(cell.extra, stateLook(point.state).mark);
    }
    if (column.id === "progress") {
      cell.extra.firstChild.style.width = `${point.max_iters ? Math.min(100, (100 * point.iter) / point.max_iters) : 0}%`;
      mark(cell.extra, "data-tone", stateLook(point.state).tone);
    }
  }

  #makeControls() {
    const find = el("input", {type: "search", placeholder: "words, such as n_embd=32 or a worker", "aria-label": "Show only runs with these words", oninput: () => this.#choice.set({find: find.value, page: null})});
    const count = el("span", {class: "dim"});
    const clear = el("button", {type: "button", class: "quiet", onclick: () => {
      find.value = "";
      this.#choice.set({find: null, states: null, page: null});
    }}, "Show all");
    hold(document.getElementById("runs-controls"), [count, clear, find]);
    return {find, count, clear};
  }

  #makePager() {
    const pager = {words: el("span", {class: "dim"}), page: 1, size: el("select", {onchange: () => this.#choice.set({size: pager.size.value, page: null})})};
    pager.back = el("button", {type: "button", class: "quiet", onclick: () => this.#choice.set({page: String(pager.page - 1)})}, "← Back");
    pager.on = el("button", {type: "button", class: "quiet", onclick: () => this.#choice.set({page: String(pager.page + 1)})}, "On →");
    hold(this.#pages, [pager.back, pager.words, pager.on, el("label", {}, "A page has ", pager.size)]);
    return pager;
  }
}

/** Nothing known comes last, whichever way; numbers before words. */
function compare(a, b, way) {
  const [none, other] = [a, b].map((value) => value === null || value === undefined || Number.isNaN(value));
  if (none || other) {
    return none - other;
  }
  if (typeof a === "number" && typeof b === "number") {
    return way * (a - b);
  }
  return way * WORDS.compare(a, b);
}

/** {id, title, text, order, looks, first}: what a column says of a point, and by what it sorts. A phone has few. */
function columnsOf(view) {
  const run = {id: "run", title: "Run", order: (point) => point.run_id};
  const setting = {title: "Setting", text: (point) => view.name(point), order: (point) => view.name(point)};
  const many = view.keys.length > MOST_KEY_COLUMNS;
  const values = (point) => view.keys.map((key) => valueText(point.overrides[key.name])).join(" · ") || point.run_id;
  const keys = NARROW.matches ? [{...setting, id: "run", text: values}] : many ? [run, {...setting, id: "setting"}] : [run, ...view.keys.map(keyColumn)];
  const metric = view.metric;
  return [
    {id: "pick", looks: "pick"},
    {id: "state", title: "State", text: (point) => stateWord(point.state), order: (point) => STATE_ORDER.indexOf(point.state), looks: "state"},
    ...keys,
    {id: "value", title: metric?.name ?? "Value", text: (point) => metricText(view.value(point)), order: (point) => toNumber(view.value(point)), looks: "number strong", first: metric?.less === false ? "down" : "up"},
    {id: "progress", title: "Iteration", text: iterations, order: (point) => (point.max_iters ? point.iter / point.max_iters : point.iter), looks: "progress", first: "down"},
    ...(timed(view) ? speedColumns(view.sweep.work_unit ?? "tokens") : []),
    {id: "worker", title: "Worker", text: (point) => point.worker ?? "", order: (point) => point.worker, looks: "minor"},
    {id: "reason", title: "Why", text: (point) => point.reason ?? "", order: (point) => point.reason, looks: "reason minor"},
  ];
}

/** Whether any run moves or has a time to go. */
function timed(view) {
  return view.sweep.points.some((point) => point.eta_s || point.tokens_per_second);
}

function speedColumns(unit) {
  return [
    {id: "left", title: "Left", text: (point) => (point.eta_s ? durationText(point.eta_s) : ""), order: (point) => point.eta_s, looks: "number"},
    {id: "rate", title: `${unit}/s`, text: (point) => (point.tokens_per_second ? rateText(point.tokens_per_second) : ""), order: (point) => point.tokens_per_second, looks: "number minor", first: "down"},
  ];
}

function keyColumn(key) {
  const value = (point) => point.overrides[key.name];
  const numbers = key.values.every((one) => typeof one === "number");
  return {id: `key:${key.name}`, title: key.short, text: (point) => valueText(value(point)), order: (point) => (numbers ? value(point) : valueText(value(point))), looks: numbers ? "number" : ""};
}

function iterations(point) {
  if (NARROW.matches && point.max_iters) {
    return `${Math.round((100 * point.iter) / point.max_iters)} %`;
  }
  return point.max_iters ? `${countText(point.iter)} / ${countText(point.max_iters)}` : point.iter ? countText(point.iter) : "";
}
