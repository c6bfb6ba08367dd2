// Curves of the runs that are drawn: one metric over iterations, linear or logarithmic, smoothed, with the values
// under the pointer. The drawing itself is uPlot's (a global). Knows runs through the view, rows through the store.
import {CurveTable} from "./curve-table.js";
import {el, hold, mark, offer, say} from "./dom.js";
import {countText, metricText, plural} from "./format.js";
import {onOneAxis, positive, smoothed} from "./smooth.js";
import {MOST_CURVES} from "./view.js";

const DASHES = [undefined, [7, 4], [2, 3]];
const HEIGHT = 320;
const WHOLE_STEPS = [1, 2, 5].flatMap((one) => [...Array(9).keys()].map((power) => one * 10 ** power)).sort((a, b) => a - b);

/** Draws anew when other runs, another metric or another scale are wanted; else only hands over the values. */
export class Curves {
  #store;
  #view;
  #choice;
  #theme;
  #place = document.getElementById("plot");
  #line = document.getElementById("curves-line");
  #table;
  #controls;
  #plot = null;
  #signature = "";
  #data = "";
  #zoomed = false;

  constructor(store, view, choice, theme, openDetails) {
    this.#store = store;
    this.#view = view;
    this.#choice = choice;
    this.#theme = theme;
    this.#table = new CurveTable(document.getElementById("curves-table"), view, openDetails, (at) => this.#focus(at));
    this.#controls = this.#makeControls();
    this.#listen();
    theme.onChange(() => this.#again());
  }

  draw() {
    const metric = this.#metric();
    const curves = this.#view.drawn.map((point) => ({point, ...this.#rowsOf(point, metric)}));
    this.#drawControls(metric);
    say(this.#line, this.#sentence(curves, metric));
    this.#place.hidden = curves.length === 0;
    this.#drawPlot(curves, metric);
    this.#table.draw(curves, this.#step());
  }

  /** Lets the one of these that is drawn stand out for as long as something points at it; null ends that. */
  emphasise(points) {
    const there = this.#view.drawn.filter((point) => points?.some((one) => one.run_id === point.run_id));
    this.#focus(there.length === 1 ? this.#view.colour(there[0]) : null);
  }

  #metric() {
    const wanted = this.#choice.get("curve");
    return this.#names().includes(wanted) ? wanted : this.#view.metric?.name ?? this.#names()[0] ?? null;
  }

  #names() {
    const names = new Set(this.#view.metrics);
    this.#view.drawn.forEach((point) => Object.keys(this.#store.rows.get(point.run_id)?.metrics ?? {}).forEach((name) => names.add(name)));
    return [...names];
  }

  #rowsOf(point, metric) {
    const rows = this.#store.rows.get(point.run_id);
    return rows?.metrics[metric] ?? {step: [], value: []};
  }

  get #weight() {
    return Math.min(0.99, Math.max(0, Number(this.#choice.get("smooth", "0")) || 0));
  }

  get #logarithmic() {
    return this.#choice.get("log") === "1";
  }

  #sentence(curves, metric) {
    if (curves.length === 0) {
      return "No run has a value yet. Select runs in the grid or in the table.";
    }
    const empty = curves.filter(({step}) => step.length === 0).length;
    const what = this.#view.isSelected ? `${plural(curves.length, "selected run", "selected runs")}${curves.length === MOST_CURVES ? ", the most that can be drawn" : ""}` : `${plural(curves.length, "run", "runs")}: the best, and those in training; select others in the grid or the table`;
    const notes = new Set(curves.map(({point}) => this.#store.rows.get(point.run_id)?.note).filter((note) => note));
    return [`${what}${empty > 0 && metric ? `; ${empty} without ${metric}` : ""}.`, ...notes].join(" ");
  }

  #drawPlot(curves, metric) {
    const signature = JSON.stringify([curves.map(({point}) => point.run_id), metric, this.#logarithmic, this.#weight > 0]);
    const size = JSON.stringify([curves.map(({step}) => [step.length, step.at(-1)]), this.#weight]);
    if (signature !== this.#signature) {
      this.#signature = signature;
      this.#data = size;
      this.#zoomed = false;
      this.#make(curves);
    } else if (size !== this.#data) {
      this.#data = size;
      this.#plot?.setData(this.#values(curves), !this.#zoomed);
    }
    mark(this.#place, "aria-label", `${metric ?? "Values"} of ${plural(curves.length, "run", "runs")}; arrow keys move along the iterations`);
  }

  #again() {
    this.#signature = "";
    if (this.#store.document) {
      this.draw();
    }
  }

  /** Raw values, and before them, where smoothing is on, the smoothed ones. */
  #values(curves) {
    const fit = (values) => (this.#logarithmic ? positive(values) : values);
    const raw = curves.map(({step, value}) => ({step, value: fit(value)}));
    const all = this.#weight > 0 ? [...curves.map(({step, value}) => ({step, value: fit(smoothed(value, this.#weight))})), ...raw] : raw;
    return onOneAxis(all);
  }

  #make(curves) {
    this.#plot?.destroy();
    this.#plot = null;
    if (curves.length === 0) {
      return;
    }
    const few = curves.every(({step}) => step.length <= 40);
    const lines = curves.map((_, at) => this.#series(at, few, 1));
    const faint = this.#weight > 0 ? curves.map((_, at) => this.#series(at, false, 0.25)) : [];
    const options = {
      width: this.#width(),
      height: HEIGHT,
      legend: {show: false},
      focus: {alpha: 0.2},
      cursor: {drag: {x: true, y: false}, points: {size: 7}},
      scales: {x: {time: false}, y: {distr: this.#logarithmic ? 3 : 1}},
      axes: this.#axes(),
      series: [{}, ...lines, ...faint],
      hooks: {setCursor: [() => this.#moved()], setSelect: [(plot) => (this.#zoomed = plot.select.width > 0)], setScale: [() => this.#scaled()]},
    };
    this.#plot = new uPlot(options, this.#values(curves), this.#place);
  }

  #series(at, few, alpha) {
    return {
      stroke: this.#theme.colour(`--line-${at % 8}`),
      alpha,
      width: alpha < 1 ? 1 : 2,
      dash: DASHES[Math.floor(at / 8)],
      points: {show: few, size: 5},
    };
  }

  #axes() {
    const ink = this.#theme.colour("--dim");
    const line = {stroke: this.#theme.colour("--rule"), width: 1};
    const common = {stroke: ink, grid: line, ticks: {...line, size: 4}, font: "12px system-ui, sans-serif"};
    const labels = (plot, values) => values.map((value) => (value === null ? "" : axisText(value)));
    return [{...common, incrs: WHOLE_STEPS, values: (plot, values) => values.map((value) => countText(value))}, {...common, size: 58, values: labels}];
  }

  #width() {
    return Math.max(200, Math.floor(this.#place.clientWidth));
  }

  #step() {
    const at = this.#plot?.cursor.idx;
    return at === null || at === undefined ? null : this.#plot.data[0][at] ?? null;
  }

  #moved() {
    const step = this.#step();
    this.#table.point(step);
    if (step !== null) {
      mark(this.#place, "aria-valuenow", step);
      mark(this.#place, "aria-valuetext", `iteration ${step}: ${this.#table.words()}`);
    }
  }

  #scaled() {
    this.#controls.reset.hidden = !this.#zoomed;
  }

  #focus(at) {
    this.#plot?.setSeries(at === null ? null : at + 1, {focus: at !== null});
    this.#table.emphasise(at);
  }

  #listen() {
    mark(this.#place, "role", "slider");
    mark(this.#place, "tabindex", "0");
    mark(this.#place, "aria-valuenow", "0");
    this.#place.addEventListener("keydown", (event) => this.#key(event));
    this.#place.addEventListener("dblclick", () => this.#reset());
    new ResizeObserver(() => {
      const width = this.#width();
      if (this.#plot && this.#plot.width !== width) {
        this.#plot.setSize({width, height: HEIGHT});
      }
    }).observe(this.#place);
  }

  #key(event) {
    const steps = this.#plot?.data[0].length ?? 0;
    const at = this.#plot?.cursor.idx ?? 0;
    const leap = Math.max(1, Math.round(steps / 10));
    const to = {ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageDown: at - leap, PageUp: at + leap, Home: 0, End: steps - 1}[event.key];
    if (to !== undefined && steps > 0) {
      event.preventDefault();
      const step = this.#plot.data[0][Math.min(steps - 1, Math.max(0, to))];
      this.#plot.setCursor({left: this.#plot.valToPos(step, "x"), top: 10});
    }
  }

  #reset() {
    this.#zoomed = false;
    this.#plot?.setData(this.#plot.data, true);
    this.#scaled();
  }

  #makeControls() {
    const metric = el("select", {onchange: () => this.#choice.set({curve: metric.value})});
    const log = el("input", {type: "checkbox", onchange: () => this.#choice.set({log: log.checked ? "1" : null})});
    const smooth = el("input", {type: "range", min: "0", max: "0.99", step: "0.01", oninput: () => this.#choice.set({smooth: smooth.value === "0" ? null : smooth.value})});
    const weight = el("output", {class: "number"});
    const reset = el("button", {type: "button", class: "quiet", onclick: () => this.#reset()}, "Whole range");
    const clear = el("button", {type: "button", class: "quiet", onclick: () => this.#choice.set({runs: null})}, "Clear selection");
    reset.hidden = true;
    hold(document.getElementById("curves-controls"), [reset, clear, el("label", {}, "Metric ", metric), el("label", {}, "Smoothing ", smooth, weight), el("label", {}, log, " log scale")]);
    return {metric, log, smooth, weight, reset, clear};
  }

  #drawControls(metric) {
    const {metric: select, log, smooth, weight, clear} = this.#controls;
    offer(select, this.#names().map((name) => [name, name]), metric ?? "");
    log.checked = this.#logarithmic;
    smooth.value = String(this.#weight);
    say(weight, this.#weight === 0 ? "off" : this.#weight.toFixed(2));
    clear.hidden = !this.#view.isSelected;
  }
}

function axisText(value) {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? metricText(value) : String(Number(value.toPrecision(6)));
}
