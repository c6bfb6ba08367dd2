// What of the store is looked at, given the reader's choices: the sweep, its keys and names, the metric and who is
// best, which points pass the filters, which are selected. The one place of these answers; draws nothing.
import {shortKey, toNumber, valueText} from "./format.js";

/** So many curves can be told apart: eight colours with three dashes. */
export const MOST_CURVES = 24;

const AUTOMATIC_CURVES = 6;
const UPWARDS = /acc|f1|bleu|rouge|score|reward|auc|recall|precision|mfu|tokens_per_second/i;
const DOWNWARDS = /loss|err|perplexity|ppl|nll|bpc|bits/i;

/** Answers are worked out once for each telling of the store or change of choice: call {@code forget} then. */
export class View {
  #store;
  #choice;
  #known = new Map();
  #texts = new WeakMap();

  constructor(store, choice) {
    this.#store = store;
    this.#choice = choice;
  }

  forget() {
    this.#known.clear();
  }

  /** The sweep that is looked at, or null where there is none. */
  get sweep() {
    return this.#once("sweep", () => {
      const sweeps = this.#store.document.sweeps;
      return sweeps.find((sweep) => String(sweep.index) === this.#choice.get("sweep")) ?? sweeps[0] ?? null;
    });
  }

  /** The swept keys with the names that suffice here. */
  get keys() {
    return this.#once("keys", () => {
      const names = this.sweep.keys.map((key) => key.name);
      return this.sweep.keys.map((key) => ({...key, short: shortKey(key.name, names)}));
    });
  }

  /** Every metric that any point has, the sweep's own first. */
  get metrics() {
    return this.#once("metrics", () => {
      const names = new Set(this.sweep.metric ? [this.sweep.metric.name] : []);
      for (const point of this.sweep.points) {
        for (const name in point.metrics) {
          names.add(name);
        }
      }
      return [...names];
    });
  }

  /** The metric that is looked at and whether less is better; null where none is known. */
  get metric() {
    return this.#once("metric", () => {
      const own = this.sweep.metric;
      const wanted = this.#choice.get("metric");
      const name = this.metrics.includes(wanted) ? wanted : own?.name ?? this.metrics[0];
      if (!name) {
        return null;
      }
      const less = name === own?.name ? own.goal !== "maximize" : DOWNWARDS.test(name) || !UPWARDS.test(name);
      return {name, less};
    });
  }

  /** A point's newest value of it, as it came: a number, "NaN" and the like, or null. */
  value(point) {
    const metric = this.metric;
    if (metric === null) {
      return null;
    }
    return point.metrics?.[metric.name] ?? (metric.name === this.sweep.metric?.name ? point.value : null);
  }

  /** The run with the best value so far, or null. */
  get best() {
    return this.#once("best", () => this.bestOf(this.sweep.points));
  }

  /** The best of these, or null where none has a value that is a number. */
  bestOf(points) {
    const less = this.metric?.less;
    let best = null;
    let bestValue = 0;
    for (const point of points) {
      const value = toNumber(this.value(point));
      if (value !== null && Number.isFinite(value) && (best === null || (less ? value < bestValue : value > bestValue))) {
        best = point;
        bestValue = value;
      }
    }
    return best;
  }

  /** The point by its swept values: "n_embd=32 ratio=0.5"; without the keys in `but`. */
  name(point, but = []) {
    const parts = this.keys
      .filter((key) => !but.includes(key.name))
      .map((key) => `${key.short}=${valueText(point.overrides[key.name])}`);
    return parts.join(" ") || point.run_id;
  }

  /** The points that pass the filters, in the sweep's order. */
  get shown() {
    return this.#once("shown", () => {
      const states = this.#choice.list("states");
      const words = this.#choice.get("find").toLowerCase().split(/\s+/).filter((word) => word);
      return this.sweep.points.filter(
        (point) =>
          (states.length === 0 || states.includes(point.state)) &&
          (words.length === 0 || words.every((word) => this.#text(point).includes(word))),
      );
    });
  }

  passes(point) {
    return !this.isFiltered || this.#once("passing", () => new Set(this.shown)).has(point);
  }

  get isFiltered() {
    return this.#choice.get("states") !== "" || this.#choice.get("find").trim() !== "";
  }

  /** Whether the reader has selected runs; else some are drawn of the page's own accord. */
  get isSelected() {
    return this.#choice.get("runs") !== "";
  }

  /** The points whose curves are drawn, in the order of their colours. */
  get drawn() {
    return this.#once("drawn", () => {
      if (!this.isSelected) {
        return this.#ofItsOwnAccord();
      }
      const byId = new Map(this.sweep.points.map((point) => [point.run_id, point]));
      return this.#choice.list("runs").map((id) => byId.get(id)).filter((point) => point).slice(0, MOST_CURVES);
    });
  }

  /** Which colour a run's curve has, or -1. */
  colour(point) {
    return this.#once("colours", () => new Map(this.drawn.map((one, place) => [one.run_id, place]))).get(point.run_id) ?? -1;
  }

  isChosen(point) {
    return this.isSelected && this.colour(point) >= 0;
  }

  /** Selects these, as far as there is room, or takes them out where all are selected. */
  toggle(points) {
    const before = this.isSelected ? this.drawn.map((point) => point.run_id) : [];
    const ids = points.map((point) => point.run_id);
    const all = ids.every((id) => before.includes(id));
    const after = all ? before.filter((id) => !ids.includes(id)) : [...new Set([...before, ...ids])];
    this.#choice.set({runs: after.slice(0, MOST_CURVES)});
  }

  /** The best point and those in training, then the best of the rest. */
  #ofItsOwnAccord() {
    const training = this.sweep.points.filter((point) => point.state === "training").slice(0, AUTOMATIC_CURVES - 2);
    const rest = this.sweep.points
      .filter((point) => Number.isFinite(toNumber(this.value(point)) ?? NaN) && !training.includes(point))
      .sort((a, b) => (toNumber(this.value(a)) - toNumber(this.value(b))) * (this.metric.less ? 1 : -1));
    return [...rest.slice(0, AUTOMATIC_CURVES - training.length), ...training].sort((a, b) => a.index - b.index);
  }

  #text(point) {
    let text = this.#texts.get(point);
    if (text === undefined) {
      const parts = [point.run_id, point.state, point.reason, point.worker, point.host, point.device, point.group, this.name(point)];
      text = parts.filter((part) => part).join(" ").toLowerCase();
      this.#texts.set(point, text);
    }
    return text;
  }

  #once(name, answer) {
    if (!this.#known.has(name)) {
      this.#known.set(name, answer());
    }
    return this.#known.get(name);
  }
}
