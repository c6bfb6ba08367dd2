// Says changes of state to whoever listens instead of looking: one sentence, at most every ten seconds.
import {plural, stateWord} from "./format.js";

const REST_MS = 10000;

export class Voice {
  #place;
  #news = new Map();
  #timer = null;
  #last = -REST_MS;

  constructor(place) {
    this.#place = place;
  }

  /** The points that changed; those whose state did are counted until the next sentence. */
  hear(changes) {
    for (const {before, after} of changes) {
      if (before.state !== after.state) {
        this.#news.set(after.state, (this.#news.get(after.state) ?? 0) + 1);
      }
    }
    if (this.#news.size > 0 && this.#timer === null) {
      this.#timer = setTimeout(() => this.#speak(), Math.max(0, this.#last + REST_MS - performance.now()));
    }
  }

  #speak() {
    const parts = [...this.#news].map(([state, count]) => `${plural(count, "point is", "points are")} now ${stateWord(state)}`);
    this.#place.textContent = `${parts.join(", ")}.`;
    this.#news.clear();
    this.#timer = null;
    this.#last = performance.now();
  }
}
