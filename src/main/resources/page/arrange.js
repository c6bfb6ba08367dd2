// Lays the points of a sweep out over two of its keys. Pure: keys, points and choices in, cells out.

/** What a further key can do, besides being held to one value ("=" and the value as JSON). */
export const IN_CELL = "cell";
export const APART = "apart";

const MOST_VALUES = 64;

/** More columns than these take the whole width of the page. */
export const MANY_COLUMNS = 12;
const MOST_IN_CELL = 6;
const MOST_APART = 12;
const MOST_CELLS = 20000;

/**
 * The keys of rows and columns and what the others do.
 *
 * @param wish {rows, columns, others: Map of name to IN_CELL, APART or "=JSON"}, each as far as the reader has chosen
 */
export function plan(keys, wish) {
  const named = (name) => keys.find((key) => key.name === name) ?? null;
  const [first, second] = byDefault(keys);
  const columns = named(wish.columns) ?? (named(wish.rows) === first ? second : first);
  const rows = named(wish.rows) !== columns && named(wish.rows) || (columns === second ? first : second);
  const others = keys.filter((key) => key !== rows && key !== columns);
  return {rows, columns, others: modes(others, wish.others)};
}

/** Those of columns and rows: what has most values, but no seed; the longer across as long as that is not long. */
function byDefault(keys) {
  const order = keys.toSorted((a, b) => tooMany(a) - tooMany(b) || isSeed(a) - isSeed(b) || b.values.length - a.values.length);
  const [most = null, next = null] = order;
  return next !== null && most.values.length > MANY_COLUMNS ? [next, most] : [most, next];
}

function tooMany(key) {
  return key.values.length > MOST_VALUES ? 1 : 0;
}

/** Seeds share a cell; else, as long as there are few, so does all; what is too much for that gets grids of its own. */
function modes(others, wishes) {
  let inCell = 1;
  let apart = 1;
  return others.toSorted((a, b) => isSeed(b) - isSeed(a) || a.values.length - b.values.length).map((key) => {
    let mode = wishes.get(key.name);
    const known = mode === IN_CELL || mode === APART || key.values.some((value) => mode === `=${JSON.stringify(value)}`);
    if (!known) {
      const fits = inCell * key.values.length <= MOST_IN_CELL;
      mode = fits ? IN_CELL : apart * key.values.length <= MOST_APART ? APART : IN_CELL;
    }
    inCell *= mode === IN_CELL ? key.values.length : 1;
    apart *= mode === APART ? key.values.length : 1;
    return {key, mode};
  });
}

function isSeed(key) {
  return /seed$/i.test(key.name) ? 1 : 0;
}

/** Whether all that a cell holds are seeds of one setting, so that their mean says something. */
export function onlySeeds(layout) {
  return layout.others.every(({key, mode}) => mode !== IN_CELL || isSeed(key) === 1);
}

/**
 * The grids: each {title, cells: rows of columns of lists of points}. More than one where keys stand apart; null
 * where that would be more cells than a page can show.
 */
export function arrange(points, layout) {
  const rows = layout.rows ? layout.rows.values : [null];
  const columns = layout.columns ? layout.columns.values : [null];
  const apart = layout.others.filter(({mode}) => mode === APART).map(({key}) => key);
  const held = layout.others.filter(({mode}) => mode.startsWith("="));
  const grids = combinations(apart);
  if (rows.length * columns.length * grids.length > MOST_CELLS) {
    return null;
  }
  const places = new Map();
  const find = [placer(layout.rows), placer(layout.columns), ...apart.map(placer)];
  grids.forEach((grid) => (grid.cells = rows.map(() => columns.map(() => []))));
  for (const point of points) {
    const at = find.map((place) => place(point));
    const passes = held.every(({key, mode}) => mode === `=${JSON.stringify(point.overrides[key.name])}`);
    if (passes && at.every((place) => place >= 0)) {
      const grid = apart.reduce((number, key, i) => number * key.values.length + at[i + 2], 0);
      grids[grid].cells[at[0]][at[1]].push(point);
      places.set(point.index, [grid, at[0], at[1]]);
    }
  }
  return {rows, columns, grids, places};
}

function combinations(keys) {
  return keys.reduce(
    (sofar, key) => sofar.flatMap((one) => key.values.map((value) => ({values: [...one.values, [key, value]]}))),
    [{values: []}],
  );
}

/** Where a point's value stands among the key's; 0 where there is no key. */
function placer(key) {
  if (!key) {
    return () => 0;
  }
  const at = new Map(key.values.map((value, place) => [JSON.stringify(value), place]));
  return (point) => at.get(JSON.stringify(point.overrides[key.name])) ?? -1;
}
