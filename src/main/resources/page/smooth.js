// Sums over curves: smoothing, and putting curves with different steps on one axis. Pure.

/**
 * Exponential mean with weight `weight` (0 to 1) on what was, freed of its bias towards the start. Where there is no
 * number there stays none, and the mean goes on behind it.
 */
export function smoothed(values, weight) {
  let mean = 0;
  let share = 1;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) {
      return null;
    }
    mean = weight * mean + (1 - weight) * value;
    share *= weight;
    return mean / (1 - share);
  });
}

/** On a logarithmic scale there is only what is above 0. */
export function positive(values) {
  return values.map((value) => (value !== null && value > 0 ? value : null));
}

/**
 * All steps of all curves in order, and each curve's values on them: null where it has no number (a gap), undefined
 * where it has no row (the line goes through).
 */
export function onOneAxis(curves) {
  const steps = [...new Set(curves.flatMap(({step}) => step))].sort((a, b) => a - b);
  const place = new Map(steps.map((step, at) => [step, at]));
  const lines = curves.map(({step, value}) => {
    const line = new Array(steps.length);
    step.forEach((one, at) => (line[place.get(one)] = value[at]));
    return line;
  });
  return [steps, ...lines];
}

/** The value at a step or the newest before it; undefined before the first. */
export function valueAt({step, value}, wanted) {
  let low = 0;
  let high = step.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (step[middle] <= wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low === 0 ? undefined : value[low - 1];
}
