// One cell of the matrix: what it shows, and what it says. Knows its points, and what they mean through the view.
import {onlySeeds} from "./arrange.js";
import {el} from "./dom.js";
import {metricText, plural, stateLook, stateWord, STATES, toNumber} from "./format.js";

/** What a cell holds: one point's mark, value and progress; or several marks, or a bar of their counts, and a value. */
export function cellInside(points, value, hasBest, view, mostTiles) {
  const text = el("span", {class: "value"}, value === null ? "" : metricText(value), hasBest ? el("span", {class: "star"}, "★") : null);
  if (points.length === 0) {
    return [];
  }
  if (points.length === 1) {
    return [el("span", {class: "mark"}, stateLook(points[0].state).mark), text, ...progressOf(points[0])];
  }
  return [points.length <= mostTiles ? tilesOf(points, view) : stack(points), text];
}

/** One point's own; of seeds of one setting the mean; else the best. */
export function valueOf(points, view, layout) {
  if (points.length > 1 && onlySeeds(layout)) {
    const values = points.map((point) => toNumber(view.value(point))).filter((one) => one !== null);
    return values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length;
  }
  const point = points.length === 1 ? points[0] : view.bestOf(points);
  return point ? view.value(point) : null;
}

/** The cell for whoever hears it. */
export function cellWords(points, value, hasBest, view, layout) {
  const what = points.length === 1 ? stateWord(points[0].state) : countsOf(points).map(([state, count]) => `${count} ${stateWord(state)}`).join(", ");
  const kind = points.length === 1 ? "" : onlySeeds(layout) ? "mean " : "best ";
  return `${what}${value === null ? "" : `, ${kind}${view.metric.name} ${metricText(value)}`}${hasBest ? ", the best of all" : ""}`;
}

/** All that is known of its points, in a line. */
export function cellSentence(points, view, layout) {
  if (points.length === 1) {
    const [point] = points;
    const value = view.value(point);
    const parts = [point.run_id, view.name(point), `${stateWord(point.state)}: ${point.reason}`, value === null ? "" : `${view.metric.name} ${metricText(value)}`];
    return parts.filter((part) => part).join(" · ");
  }
  const shown = points.slice(0, 4).map((point) => `${view.name(point, [layout.rows?.name, layout.columns?.name])}: ${stateWord(point.state)} ${metricText(view.value(point))}`.trim());
  return `${plural(points.length, "point", "points")} · ${shown.join("; ")}${points.length > 4 ? "; …" : ""}`;
}

function tilesOf(points, view) {
  return el("span", {class: "tiles"}, ...points.map((point) => {
    const look = stateLook(point.state);
    const line = view.isChosen(point) ? view.colour(point) % 8 : null;
    const dim = view.isFiltered && !view.passes(point);
    return el("span", {class: "tile", "data-tone": look.tone, "data-run": point.run_id, "data-line": line, "data-dim": dim}, look.mark);
  }));
}

function progressOf(point) {
  const under = point.max_iters && point.iter > 0 && point.iter < point.max_iters;
  if (!under) {
    return [];
  }
  const bar = el("span", {class: "under"});
  bar.style.width = `${(100 * point.iter) / point.max_iters}%`;
  return [bar];
}

function stack(points) {
  return el("span", {class: "stack"}, ...countsOf(points).map(([state, count]) => {
    const part = el("span", {"data-tone": stateLook(state).tone}, stateLook(state).mark, String(count));
    part.style.flexGrow = count;
    return part;
  }));
}

function countsOf(points) {
  const counts = new Map();
  points.forEach((point) => counts.set(point.state, (counts.get(point.state) ?? 0) + 1));
  const order = [...STATES.keys()];
  return [...counts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}

/** The tone of all, where they agree. */
export function toneOf(points) {
  const tones = new Set(points.map((point) => stateLook(point.state).tone));
  return tones.size === 0 ? "empty" : tones.size === 1 ? [...tones][0] : "mixed";
}

/** Those that may have a curve; where nothing has begun, all. */
export function begun(points) {
  const there = points.filter((point) => point.iter > 0 || point.value !== null);
  return there.length > 0 ? there : points;
}
