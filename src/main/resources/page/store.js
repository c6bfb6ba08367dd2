// What is known: the document of all sweeps, the claims, the rows of runs that were asked for. Merges what
// comes in and tells once a frame what has changed. Knows neither where it comes from nor how it is shown.
import {oncePerFrame} from "./dom.js";

/** Tells {everything, topics: of "sweep", "workers", "claims" and "rows", points: each {before, after, sweep}}. */
export class Store {
  document = null;
  claims = [];
  rows = new Map();
  #at = 0;
  #listeners = [];
  #changed = nothing();
  #moved = new Map();
  #tellSoon = oncePerFrame(() => this.#tell());
  #claimKeys = new Map();

  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** A whole document: everything is new. */
  whole(document) {
    this.document = document;
    document.sweeps.forEach((sweep) => sweep.points.forEach((point) => this.#stamp(point, document.made)));
    document.workers.forEach((worker) => (worker.at = Date.parse(document.made)));
    this.#setClock(document.made);
    this.#changed.everything = true;
    this.#tellSoon();
  }

  /** What has changed since. */
  change(news) {
    this.#setClock(news.made);
    this.document.made = news.made;
    this.document.notes = news.notes ?? this.document.notes;
    for (const {index, points, ...facts} of news.sweeps ?? []) {
      const sweep = this.document.sweeps.find((one) => one.index === index);
      if (sweep) {
        Object.assign(sweep, facts);
        this.#mergePoints(sweep, points ?? [], news.made);
        this.#changed.topics.add("sweep");
      }
    }
    if (news.workers) {
      this.document.workers = news.workers;
      news.workers.forEach((worker) => (worker.at = Date.parse(news.made)));
      this.#changed.topics.add("workers");
    }
    this.#tellSoon();
  }

  /** All claims, or with `merge` those that are new or have changed. */
  someClaims(claims, merge) {
    if (!merge) {
      this.#claimKeys.clear();
    }
    for (const claim of claims) {
      this.#claimKeys.set(`${claim.run_id} ${claim.epoch}`, claim);
    }
    this.claims = [...this.#claimKeys.values()].sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
    this.#touch("claims");
  }

  /** Rows of a run: `after` says whether they are only the later ones. */
  someRows(answer, after) {
    const old = this.rows.get(answer.run_id);
    this.rows.set(answer.run_id, after && old ? joined(old, answer) : answer);
    this.#touch("rows");
  }

  /** Now, by the clock of whoever made the document; an exported document stands still. */
  now() {
    return this.standsStill ? Date.parse(this.document.made) : performance.now() + this.#at;
  }

  /** Since when a point or worker is as it is, by an age that it had when it came. */
  ageOf(thing, field) {
    return thing[field] === null || thing[field] === undefined ? null : thing[field] + (this.now() - thing.at) / 1000;
  }

  #mergePoints(sweep, points, made) {
    const places = new Map(sweep.points.map((point, place) => [point.index, place]));
    for (const point of points) {
      this.#stamp(point, made);
      const place = places.get(point.index);
      if (place !== undefined) {
        this.#remember(sweep, sweep.points[place], point);
        sweep.points[place] = point;
      }
    }
  }

  /** A page in the background tells nobody for hours: each point counts once, from what it was to what it is. */
  #remember(sweep, before, after) {
    const key = `${sweep.index} ${after.index}`;
    this.#moved.set(key, {before: this.#moved.get(key)?.before ?? before, after, sweep});
  }

  #stamp(point, made) {
    point.at = Date.parse(made);
  }

  #setClock(made) {
    this.#at = Date.parse(made) - performance.now();
  }

  #touch(topic) {
    this.#changed.topics.add(topic);
    this.#tellSoon();
  }

  #tell() {
    const changed = {...this.#changed, points: [...this.#moved.values()]};
    this.#changed = nothing();
    this.#moved.clear();
    if (this.document !== null) {
      this.#listeners.forEach((listener) => listener(changed));
    }
  }
}

function nothing() {
  return {everything: false, topics: new Set()};
}

/** Earlier rows and later ones; a step that both have counts once. */
function joined(old, later) {
  const metrics = {...old.metrics};
  for (const [name, {step, value}] of Object.entries(later.metrics)) {
    const before = metrics[name] ?? {step: [], value: []};
    const last = before.step.at(-1) ?? -Infinity;
    const from = step.findIndex((one) => one > last);
    if (from >= 0) {
      metrics[name] = {step: before.step.concat(step.slice(from)), value: before.value.concat(value.slice(from))};
    }
  }
  return {...later, metrics, last: Math.max(old.last ?? 0, later.last ?? 0), thinned: old.thinned};
}
