// The pickers above the matrix: keys of rows and columns, what the further keys do, colour by state or by value.
// Sets choices; lays nothing out.
import {APART, IN_CELL} from "./arrange.js";
import {el, hold, offer} from "./dom.js";
import {valueText} from "./format.js";

/** Answers with a function that shows the keys, the metrics and the layout as they are now. */
export function gridControls(place, choice) {
  const rows = picker("Rows", (name) => choice.set({rows: name, ...(name === columns.select.value ? {columns: rows.last} : {})}));
  const columns = picker("Columns", (name) => choice.set({columns: name, ...(name === rows.select.value ? {rows: columns.last} : {})}));
  const metric = picker("Value", (name) => choice.set({metric: name}));
  const colour = picker("Colour", (by) => choice.set({colour: by === "state" ? null : by}));
  const further = new Map();
  return (view, layout) => {
    const keys = view.keys;
    const named = keys.map((key) => [key.name, key.short]);
    for (const [one, key] of [[rows, layout.rows], [columns, layout.columns]]) {
      offer(one.select, named, key?.name ?? "");
      one.last = key?.name ?? "";
    }
    offer(colour.select, [["state", "state"], ["value", "value"]], choice.get("colour", "state"));
    offer(metric.select, view.metrics.map((name) => [name, name]), view.metric?.name ?? "");
    metric.label.hidden = view.metrics.length < 2;
    const pickers = layout.others.map(({key, mode}) => furtherPicker(further, choice, keys.find((one) => one.name === key.name), mode, layout));
    hold(place, [...(keys.length > 1 ? [rows.label, columns.label] : []), ...pickers, metric.label, colour.label]);
  };
}

function furtherPicker(pickers, choice, key, mode, layout) {
  const one = pickers.get(key.name) ?? picker(key.short, () => {});
  pickers.set(key.name, one);
  offer(one.select, [[IN_CELL, "all, in each cell"], [APART, "all, a grid each"], ...key.values.map((value) => [`=${JSON.stringify(value)}`, `only ${valueText(value)}`])], mode);
  one.select.onchange = () => {
    const modes = layout.others.map((other) => [other.key.name, other.key.name === key.name ? one.select.value : other.mode]);
    choice.set({keys: JSON.stringify(modes)});
  };
  return one.label;
}

function picker(title, onPick) {
  const select = el("select", {"aria-label": title});
  select.addEventListener("change", () => onPick(select.value));
  return {select, label: el("label", {}, `${title} `, select), last: ""};
}
