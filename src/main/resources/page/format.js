// Words for people: numbers, times, states. Pure; knows no document, no store, no clock.

/** Every state with its mark, in the order in which a sweep goes through them. The mark needs no colour. */
export const STATES = new Map([
  ["finished", {mark: "✓", tone: "done"}],
  ["elsewhere", {mark: "→", tone: "done2"}],
  ["training", {mark: "►", tone: "work"}],
  ["claimed", {mark: "○", tone: "work2"}],
  ["suspended", {mark: "‖", tone: "wait"}],
  ["preempted", {mark: "↺", tone: "wait"}],
  ["stale", {mark: "?", tone: "wait"}],
  ["waiting", {mark: "…", tone: "wait2"}],
  ["held", {mark: "■", tone: "wait2"}],
  ["failed", {mark: "!", tone: "bad"}],
  ["poisoned", {mark: "✕", tone: "bad"}],
  ["invalid", {mark: "≠", tone: "bad2"}],
  ["foreign", {mark: "◆", tone: "bad2"}],
  ["unclaimed", {mark: "·", tone: "none"}],
]);

/** How a claim can end, with a mark and the pattern of its bar. */
export const ENDS = new Map([
  ["open", {mark: "►", tone: "work", pattern: "none", words: "still open"}],
  ["finished", {mark: "✓", tone: "done", pattern: "none", words: "finished its run"}],
  ["released", {mark: "↺", tone: "wait", pattern: "rising", words: "given back in order"}],
  ["taken over", {mark: "⇥", tone: "wait2", pattern: "falling", words: "taken over by another worker"}],
  ["failed", {mark: "!", tone: "bad", pattern: "crossed", words: "failed"}],
  ["poisoned", {mark: "✕", tone: "bad2", pattern: "crossed", words: "failed once too often"}],
  ["reset", {mark: "0", tone: "none", pattern: "dotted", words: "ended by a person's reset"}],
  ["over", {mark: "–", tone: "done2", pattern: "none", words: "over; how is no longer recorded"}],
  ["silent", {mark: "?", tone: "none", pattern: "falling", words: "not heard of since"}],
]);

/** Its look; a state that this page does not know yet is shown plainly. */
export function stateLook(state) {
  return STATES.get(state) ?? {mark: "?", tone: "none"};
}

/** The word that people read. */
export function stateWord(state) {
  return state === "foreign" ? "not-ours" : state;
}

export function endLook(end) {
  return ENDS.get(end) ?? {mark: "?", tone: "none", pattern: "none", words: end};
}

/** A value of a sweep file as short text. */
export function valueText(value) {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "";
}

/** The last part of a dotted key, or the whole where that is not enough to tell it from the others. */
export function shortKey(name, names) {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return names.filter((other) => other.slice(other.lastIndexOf(".") + 1) === last).length > 1 ? name : last;
}

/** A metric's value as a number: "NaN" and the infinities come as text, nothing as null. */
export function toNumber(value) {
  return value === null || value === undefined ? null : Number(value);
}

/** Four significant digits; of a number that is none, its name. */
export function metricText(value) {
  const number = toNumber(value);
  if (number === null) {
    return "";
  }
  if (!Number.isFinite(number)) {
    return Number.isNaN(number) ? "NaN" : number > 0 ? "∞" : "−∞";
  }
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return number.toExponential(2).replace("-", "−").replace("e−", "e-").replace("e+", "e");
  }
  return number.toPrecision(size >= 1000 ? 6 : 4).replace("-", "−");
}

/** 12345 as 12,345. */
export function countText(number) {
  return Math.round(number).toLocaleString("en-US");
}

export function plural(number, one, many) {
  return `${countText(number)} ${number === 1 ? one : many}`;
}

/** A rate: 1234567 as 1.23 M. */
export function rateText(perSecond) {
  for (const [unit, name] of [[1e9, " G"], [1e6, " M"], [1e3, " k"]]) {
    if (perSecond >= unit) {
      return (perSecond / unit).toPrecision(3) + name;
    }
  }
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toPrecision(2);
}

const TIME_UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

/** 4000 as 1 h 7 min; at most two units. */
export function durationText(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const first = TIME_UNITS.findIndex(([unit]) => whole >= unit);
  if (first < 0) {
    return "0 s";
  }
  const [unit, name] = TIME_UNITS[first];
  const head = `${Math.floor(whole / unit)} ${name}`;
  const next = TIME_UNITS[first + 1];
  const rest = next ? Math.floor((whole % unit) / next[0]) : 0;
  return rest > 0 && first < 2 ? `${head} ${rest} ${next[1]}` : head;
}

/** A span to go: {from, to} as "20 to 40 min". */
export function spanText({from, to}) {
  const [early, late] = [durationText(from), durationText(to)];
  if (early === late) {
    return `about ${late}`;
  }
  const [first, second] = [early, late].map((text) => text.split(" "));
  const sameUnit = first.length === 2 && second.length === 2 && first[1] === second[1];
  return `${sameUnit ? first[0] : early} to ${late}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Time of day, with the day where it is another than `beside`'s. By hand, for a timeline has thousands. */
export function clockText(ms, beside) {
  const [time, other] = [new Date(ms), new Date(beside)];
  const sameDay = time.getDate() === other.getDate() && Math.abs(ms - beside) < 86400000;
  return sameDay ? hoursText(time) : `${time.getDate()} ${MONTHS[time.getMonth()]} ${hoursText(time)}`;
}

/** Day and time, whole. */
export function dateText(ms) {
  const time = new Date(ms);
  return `${time.getDate()} ${MONTHS[time.getMonth()]} ${time.getFullYear()}, ${secondsText(ms)}`;
}

/** Time of day to the second. */
export function secondsText(ms) {
  const time = new Date(ms);
  return `${hoursText(time)}:${String(time.getSeconds()).padStart(2, "0")}`;
}

function hoursText(time) {
  return `${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
}
