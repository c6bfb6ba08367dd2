// Colours of values: from the best, dark, to the worst that matters, light. A ramp through blue and yellow that the
// colour-blind can read (cividis). Pure but for the view that it is given.
import {toNumber} from "./format.js";

const RAMP = [[0, 34, 78], [53, 69, 108], [102, 105, 112], [148, 142, 119], [200, 184, 102], [254, 232, 56]];

/** Of all points of the sweep; null where it is not wanted or there are no two values. What is far off the rest counts as the worst. */
export function valueScale(view, wanted) {
  if (!wanted || view.metric === null) {
    return null;
  }
  const values = view.sweep.points.map((point) => toNumber(view.value(point))).filter((value) => value !== null && Number.isFinite(value));
  values.sort((a, b) => (view.metric.less ? a - b : b - a));
  const ends = [values[0], values[Math.floor((values.length - 1) * 0.95)]];
  if (values.length < 2 || ends[0] === ends[1]) {
    return null;
  }
  return {ends, of: (value) => (value === null ? null : painted(value, ends))};
}

function painted(value, [best, worst]) {
  const share = Number.isFinite(value) ? Math.min(1, Math.max(0, (value - best) / (worst - best))) : 1;
  const place = share * (RAMP.length - 1);
  const low = Math.min(RAMP.length - 2, Math.floor(place));
  const colour = RAMP[low].map((part, i) => Math.round(part + (RAMP[low + 1][i] - part) * (place - low)));
  return {ground: `rgb(${colour.join(" ")})`, ink: luminance(colour) > 0.18 ? "#000" : "#fff"};
}

/** As WCAG has it. */
function luminance(colour) {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
