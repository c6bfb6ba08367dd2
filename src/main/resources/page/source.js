// Where what is known comes from: the server's stream, or the document that an exported page carries. Fills the
// store and says how the connection is; shows nothing.

const RETRY_FIRST_MS = 2000;
const RETRY_MOST_MS = 30000;

/** The document in the page itself, or null where a server is to be asked. */
export function exported() {
  const place = document.getElementById("export");
  return place ? JSON.parse(place.textContent) : null;
}

/** Fills the store from an exported page; then nothing is asked any more. */
export class Kept {
  constructor(store, data) {
    store.standsStill = true;
    store.whole(data.document);
    store.someClaims(data.claims.claims ?? data.claims, false);
    Object.values(data.rows).forEach((rows) => store.someRows(rows, false));
  }

  wantRows() {}
}

/**
 * Fills the store from the server. What has come stays when the connection goes; it is tried again, by the
 * browser itself or, where that gives up, after 2 to 30 seconds.
 */
export class Live {
  #store;
  #tell;
  #wait = RETRY_FIRST_MS;
  #asked = new Map();
  #epochs = new Map();

  /** tell({live, since, words}): how the connection is. */
  constructor(store, tell) {
    this.#store = store;
    this.#tell = tell;
    this.#connect();
  }

  /** Asks for the rows of these runs that are not known yet; a run in training again when it has got further. */
  wantRows(points) {
    for (const point of points) {
      const known = this.#store.rows.get(point.run_id);
      const asked = this.#asked.get(point.run_id);
      if (asked !== point.iter + point.state && asked !== "now") {
        this.#fetchRows(point, known);
      }
    }
  }

  async #fetchRows(point, known) {
    const mark = point.iter + point.state;
    this.#asked.set(point.run_id, "now");
    const same = known && this.#epochs.get(point.run_id) === point.epoch; // another claim may have gone back
    this.#epochs.set(point.run_id, point.epoch);
    const after = same && known.last > 0 ? `&after=${known.last}` : "";
    try {
      const answer = await fetch(`api/rows?run=${encodeURIComponent(point.run_id)}${after}`);
      if (answer.ok) {
        this.#store.someRows(await answer.json(), after !== "");
      } else if (answer.status === 404) {
        this.#store.someRows({run_id: point.run_id, metrics: {}, last: 0}, false);
      }
      this.#asked.set(point.run_id, mark);
    } catch {
      this.#asked.delete(point.run_id); // the server is away; asked again with the next change
    }
  }

  #connect() {
    const stream = new EventSource("api/stream");
    stream.addEventListener("open", () => {
      this.#wait = RETRY_FIRST_MS;
      this.#tell({live: true});
      this.#fetchClaims();
    });
    stream.addEventListener("sweeps", (event) => {
      this.#asked.clear();
      this.#store.whole(JSON.parse(event.data));
    });
    stream.addEventListener("change", (event) => this.#store.document && this.#store.change(JSON.parse(event.data)));
    stream.addEventListener("claims", (event) => this.#store.someClaims(JSON.parse(event.data).claims, true));
    stream.addEventListener("error", () => this.#lost(stream));
  }

  async #lost(stream) {
    this.#tell({live: false, words: ""});
    if (stream.readyState === EventSource.CLOSED) {
      this.#tell({live: false, words: await whyNot()});
      setTimeout(() => this.#connect(), this.#wait);
      this.#wait = Math.min(RETRY_MOST_MS, this.#wait * 2);
    }
  }

  async #fetchClaims() {
    try {
      const answer = await fetch("api/claims");
      if (answer.ok) {
        this.#store.someClaims((await answer.json()).claims, false);
      }
    } catch {
      // the stream notices too, and connects anew
    }
  }
}

/** Why the server refuses, in its own words; empty where it does not answer at all. */
async function whyNot() {
  try {
    const answer = await fetch("api/sweeps");
    return answer.ok ? "" : (await answer.text()).slice(0, 300);
  } catch {
    return "";
  }
}
