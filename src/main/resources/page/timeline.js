// What happened when: one lane per worker, one bar per claim, coloured and patterned by how it ended, and a line from
// where a run was lost to where it was taken over. Knows claims, and names of runs through the view.
import {EventList} from "./event-list.js";
import {el, hold, mark, offer, say, svg} from "./dom.js";
import {clockText, durationText, endLook, ENDS, plural, secondsText} from "./format.js";

const LANE = 26;
const BAR = 18;
const TOP = 22;
const RANGES = new Map([["", "All time"], ["3600", "Last hour"], ["86400", "Last day"], ["604800", "Last week"]]);
const MANY = 500;
const TICKS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000];

/** Moves by arrow keys: along a lane, and from lane to lane. */
export class Timeline {
  #store;
  #view;
  #choice;
  #openDetails;
  #place = document.getElementById("timeline");
  #chart = el("div", {class: "lanes", role: "listbox", tabindex: "0", "aria-label": "Claims by worker and time; arrow keys move, Enter shows the run"});
  #line = el("p", {class: "line"});
  #legend = el("div", {class: "legend"});
  #empty = el("p", {class: "empty"}, "No claim yet: nobody has begun a run.");
  #range = el("select", {});
  #list;
  #bars = [];
  #names = [];
  #active = "";
  #signature = "";
  #drawn = null;

  constructor(store, view, choice, openDetails) {
    this.#store = store;
    this.#view = view;
    this.#choice = choice;
    this.#openDetails = openDetails;
    this.#list = new EventList(view, openDetails);
    this.#place.append(this.#empty, this.#chart, this.#line, this.#legend, this.#list.node);
    document.getElementById("timeline-controls").append(el("label", {}, "Show ", this.#range));
    offer(this.#range, [...RANGES], "");
    this.#range.addEventListener("change", () => choice.set({range: this.#range.value}));
    this.#listen();
    new ResizeObserver(() => this.#store.document && this.draw()).observe(this.#place);
  }

  draw() {
    const runs = new Map(this.#view.sweep.points.map((point) => [point.run_id, point]));
    const all = this.#store.claims.filter((claim) => runs.has(claim.run_id));
    this.#empty.hidden = all.length > 0;
    [this.#chart, this.#line, this.#legend, this.#list.node].forEach((node) => (node.hidden = all.length === 0));
    this.#range.value = this.#choice.get("range");
    const now = this.#store.now();
    const beat = Math.floor(now / (all.length > MANY ? 30000 : 5000)); // open bars grow
    const signature = [this.#view.sweep.index, all.length, beat, this.#place.clientWidth, this.#range.value].join();
    if (all.length > 0 && (signature !== this.#signature || this.#drawn !== this.#store.claims)) {
      this.#signature = signature;
      this.#drawn = this.#store.claims;
      this.#drawLanes(all, runs, now);
      this.#list.draw(all, runs, now);
    }
  }

  #drawLanes(all, runs, now) {
    const span = Number(this.#range.value) * 1000;
    const end = Math.max(now, ...all.slice(-50).map((claim) => Date.parse(claim.to ?? claim.from)));
    const from = span ? end - span : Date.parse(all[0].from);
    const claims = all.filter((claim) => (claim.to ? Date.parse(claim.to) : now) >= from);
    const names = [...new Set(claims.map(laneOf))].sort(new Intl.Collator("en", {numeric: true}).compare);
    this.#names = names;
    const width = Math.max(280, this.#place.clientWidth);
    const gutter = width < 500 ? 76 : 132;
    const x = (ms) => gutter + ((Math.max(ms, from) - from) / Math.max(1000, end - from)) * (width - gutter - 12);
    const height = TOP + names.length * LANE + 4;
    const y = new Map(names.map((name, at) => [name, TOP + at * LANE]));
    this.#bars = claims.map((claim, at) => this.#bar(claim, at, runs, x, y, now));
    this.#chart.replaceChildren(svg("svg", {width, height, role: "none"},
      patterns(),
      svg("g", {"aria-hidden": "true"}, ...ticks(from, end, x, height, width), ...names.map((name) => lane(name, y.get(name), width, gutter))),
      ...this.#bars.map((bar) => bar.node),
      svg("g", {"aria-hidden": "true"}, ...takeovers(claims, x, y))));
    this.#drawLegend(claims);
    const active = this.#bars.find((bar) => bar.key === this.#active);
    this.#activate(active ?? null, false);
    this.#tell(active ?? null);
  }

  #bar(claim, at, runs, x, y, now) {
    const look = endLook(claim.end);
    const left = x(Date.parse(claim.from));
    const width = Math.max(3, x(claim.to ? Date.parse(claim.to) : claim.end === "silent" ? Date.parse(claim.from) : now) - left - 1);
    const top = y.get(laneOf(claim)) + (LANE - BAR) / 2;
    const box = {x: left, y: top, width, height: BAR, rx: Math.min(3, width / 2)};
    const text = width > 70 ? svg("text", {class: "bar-text", x: left + 5, y: top + 13}, `${look.mark} ${claim.run_id}`) : width > 14 ? svg("text", {class: "bar-text", x: left + 3, y: top + 13}, look.mark) : null;
    const pattern = look.pattern === "none" || width < 5 ? null : svg("rect", {...box, fill: `url(#pattern-${look.pattern})`});
    const words = claimWords(claim, runs.get(claim.run_id), this.#view, now);
    const key = `${claim.run_id} ${claim.epoch}`;
    const node = svg("g", {id: `claim-${at}`, role: "option", "aria-selected": "false", "aria-label": words, class: `claim${claim.end === "open" ? " open" : ""}`, "data-tone": look.tone, "data-bar": at}, svg("rect", {...box, class: "bar-box"}), pattern, text);
    return {node, claim, words, key, lane: laneOf(claim)};
  }

  #drawLegend(claims) {
    const there = new Set(claims.map((claim) => claim.end));
    const items = [...ENDS].filter(([end]) => there.has(end)).map(([, look]) => legendItem(look));
    const over = claims.filter((claim) => claim.takes_over).length;
    const line = over > 0 ? [el("span", {class: "key"}, svg("svg", {class: "swatch", viewBox: "0 0 26 12", "aria-hidden": "true"}, svg("path", {class: "over", d: "M2 2 C 12 2 12 10 20 10"}), svg("circle", {class: "over-end", cx: 21, cy: 10, r: 2})), plural(over, "takeover", "takeovers"))] : [];
    hold(this.#legend, [...items, ...line]);
  }

  #listen() {
    this.#chart.addEventListener("keydown", (event) => this.#key(event));
    this.#chart.addEventListener("pointerover", (event) => this.#tell(this.#under(event)));
    this.#chart.addEventListener("pointerleave", () => this.#tell(this.#bars.find((bar) => bar.key === this.#active) ?? null));
    this.#chart.addEventListener("click", (event) => {
      const bar = this.#under(event);
      if (bar) {
        this.#activate(bar, true);
        this.#openDetails(bar.claim.run_id);
      }
    });
  }

  #under(event) {
    const node = event.target.closest("[data-bar]");
    return node ? this.#bars[Number(node.dataset.bar)] : null;
  }

  #tell(bar) {
    say(this.#line, bar ? bar.words : "Point at a bar, or go there by arrow keys.");
  }

  #activate(bar, tell) {
    this.#bars.forEach((other) => mark(other.node, "aria-selected", String(other === bar)));
    mark(this.#chart, "aria-activedescendant", bar?.node.id ?? null);
    this.#active = bar?.key ?? "";
    if (tell) {
      this.#tell(bar);
      bar?.node.scrollIntoView?.({block: "nearest", inline: "nearest"});
    }
  }

  #key(event) {
    const at = this.#bars.findIndex((bar) => bar.key === this.#active);
    const bar = this.#bars[at] ?? null;
    if (event.key === "Enter" && bar) {
      event.preventDefault();
      this.#openDetails(bar.claim.run_id);
      return;
    }
    const next = this.#next(event.key, bar);
    if (next) {
      event.preventDefault();
      this.#activate(next, true);
    }
  }

  #next(key, bar) {
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(key)) {
      return null;
    }
    if (!bar || key === "End" || key === "Home") {
      return this.#bars.at(key === "Home" ? 0 : -1);
    }
    const step = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const lane = this.#bars.filter((other) => other.lane === bar.lane);
      return lane[lane.indexOf(bar) + step] ?? bar;
    }
    const lane = this.#bars.filter((other) => other.lane === this.#names[this.#names.indexOf(bar.lane) + step]);
    const time = Date.parse(bar.claim.from);
    return lane.toSorted((a, b) => Math.abs(Date.parse(a.claim.from) - time) - Math.abs(Date.parse(b.claim.from) - time))[0] ?? bar;
  }
}

/** What a claim was, as a sentence. */
function claimWords(claim, point, view, now) {
  const from = Date.parse(claim.from);
  const end = claim.to ? Date.parse(claim.to) : now;
  const time = claim.end === "open" ? `since ${clockText(from, now)}` : claim.to ? `${clockText(from, now)} to ${clockText(end, now)}, ${durationText((end - from) / 1000)}` : `from ${clockText(from, now)}`;
  const iterations = claim.iter_to > claim.iter_from ? `iterations ${claim.iter_from} to ${claim.iter_to}` : "";
  const parts = [`${claim.worker}: ${claim.run_id} ${point ? view.name(point) : ""}`.trim(), claim.takes_over ? "taken over from a dead worker" : "", time, endLook(claim.end).words, claim.detail, iterations];
  return parts.filter((part) => part).join(" · ");
}

function laneOf(claim) {
  return claim.cluster && claim.cluster !== "local" ? `${claim.worker} · ${claim.cluster}` : claim.worker;
}

function lane(name, top, width, gutter) {
  const most = Math.floor((gutter - 12) / 7);
  const half = Math.floor(most / 2);
  const short = name.length > most ? `${name.slice(0, half - 1)}…${name.slice(-half)}` : name;
  return svg("g", {}, svg("line", {class: "lane-line", x1: 0, x2: width, y1: top + LANE, y2: top + LANE}), svg("text", {class: "lane-name", x: 0, y: top + 17}, short, svg("title", {}, name)));
}

function ticks(from, end, x, height, width) {
  const wanted = (end - from) / 1000 / Math.max(2, width / 130);
  const step = (TICKS_S.find((seconds) => seconds >= wanted) ?? TICKS_S.at(-1)) * 1000;
  const zone = new Date(from).getTimezoneOffset() * 60000;
  const marks = [];
  for (let at = Math.ceil((from - zone) / step) * step + zone; at <= end; at += step) {
    const text = step < 60000 ? secondsText(at) : clockText(at, end);
    marks.push(svg("line", {class: "tick", x1: x(at), x2: x(at), y1: TOP - 4, y2: height}), svg("text", {class: "tick-text", x: Math.min(x(at), width - 3.4 * text.length), y: 12}, text));
  }
  return marks;
}

/** A line from the end of the claim that was lost to the start of that which took over. */
function takeovers(claims, x, y) {
  const before = new Map(claims.map((claim) => [`${claim.run_id} ${claim.epoch}`, claim]));
  return claims.filter((claim) => claim.takes_over).flatMap((claim) => {
    const lost = before.get(`${claim.run_id} ${claim.epoch - 1}`);
    const to = [x(Date.parse(claim.from)), y.get(laneOf(claim)) + LANE / 2];
    const from = lost ? [x(Date.parse(lost.to ?? lost.from)), y.get(laneOf(lost)) + LANE / 2] : [to[0], to[1] - LANE / 2];
    const bend = (to[1] - from[1]) / 2;
    const line = svg("path", {class: "over", d: `M${from} C ${from[0]} ${from[1] + bend} ${to[0]} ${to[1] - bend} ${to}`});
    return [line, svg("circle", {class: "over-end", cx: to[0], cy: to[1], r: 4})];
  });
}

function patterns() {
  const lines = {rising: "M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6", falling: "M-2 6 L2 10 M0 0 L8 8 M6 -2 L10 2", crossed: "M0 0 L8 8 M0 8 L8 0", dotted: "M4 3.5 V4.5"};
  return svg("defs", {}, ...Object.entries(lines).map(([name, d]) => svg("pattern", {id: `pattern-${name}`, width: 8, height: 8, patternUnits: "userSpaceOnUse"}, svg("path", {class: "pattern-line", d}))));
}

function legendItem({mark: sign, tone, pattern, words}) {
  const box = {x: 1, y: 0, width: 24, height: 12, rx: 2};
  const over = pattern === "none" ? null : svg("rect", {...box, fill: `url(#pattern-${pattern})`});
  return el("span", {class: "key"}, svg("svg", {class: "swatch", viewBox: "0 0 26 12", "aria-hidden": "true", "data-tone": tone}, svg("rect", {...box, class: "bar-box"}), over), `${sign} ${words}`);
}
