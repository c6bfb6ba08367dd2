// Puts the page together: data in, views out, drawn once a frame. The only module that knows all others.
import {Choice} from "./choice.js";
import {Curves} from "./curves.js";
import {Details} from "./details.js";
import {oncePerFrame, say} from "./dom.js";
import {clockText, dateText} from "./format.js";
import {Header} from "./header.js";
import {Matrix} from "./matrix.js";
import {Runs} from "./runs.js";
import {exported, Kept, Live} from "./source.js";
import {Store} from "./store.js";
import {Theme} from "./theme.js";
import {Timeline} from "./timeline.js";
import {View} from "./view.js";
import {Voice} from "./voice.js";
import {Workers} from "./workers.js";

const AGES_MS = 5000;

/** Everything on the page; made once. */
class Page {
  #store = new Store();
  #choice = new Choice();
  #view = new View(this.#store, this.#choice);
  #voice = new Voice(document.getElementById("voice"));
  #theme = new Theme(document.getElementById("theme"));
  #lostAt = null;
  #chosen = oncePerFrame(() => this.#store.document && this.#draw(null));

  constructor() {
    this.#makeViews();
    document.querySelector(".skip").addEventListener("click", skip);
    this.#store.onChange((changed) => this.#draw(changed));
    this.#choice.onChange(() => this.#chosen());
    const data = exported();
    if (data) {
      this.source = new Kept(this.#store, data);
      this.#connection(`exported ${dateText(Date.parse(data.document.made))}`, "kept");
    } else {
      this.source = new Live(this.#store, (news) => this.#heard(news));
      setInterval(() => this.#age(), AGES_MS);
    }
  }

  #makeViews() {
    const [store, view, choice] = [this.#store, this.#view, this.#choice];
    this.details = new Details(store, view, choice);
    const openDetails = (runId) => this.details.open(runId);
    const onHover = (points) => this.#hover(points);
    this.header = new Header(store, view, choice, openDetails);
    this.matrix = new Matrix(view, choice, {onHover, openDetails});
    this.curves = new Curves(store, view, choice, this.#theme, openDetails);
    this.runs = new Runs(view, choice, {onHover, openDetails});
    this.workers = new Workers(store, openDetails);
    this.timeline = new Timeline(store, view, choice, openDetails);
  }

  /** What changed; null where it was the reader's choice. */
  #draw(changed) {
    const all = changed === null || changed.everything || changed.topics.has("sweep");
    if (all) {
      this.#view.forget();
    }
    const sweep = this.#view.sweep;
    document.getElementById("content").hidden = sweep === null;
    document.getElementById("empty").hidden = sweep !== null;
    if (sweep === null) {
      say(document.getElementById("empty"), "There is no sweep here.");
      return;
    }
    this.#drawParts(changed, all);
    this.details.draw();
    this.source?.wantRows(this.#view.drawn);
    this.#voice.hear(changed?.points ?? []);
  }

  /** Only what the news is about: rows come often, and concern the curves alone. */
  #drawParts(changed, all) {
    const about = (topic) => all || changed.topics.has(topic);
    if (all) {
      this.matrix.draw(changed);
      this.runs.draw();
    }
    if (about("workers")) {
      this.header.draw();
      this.workers.draw();
    }
    if (about("rows")) {
      this.curves.draw();
    }
    if (about("claims")) {
      this.timeline.draw();
    }
  }

  #hover(points) {
    this.curves.emphasise(points);
    this.matrix.emphasise(points);
  }

  /** Ages grow without news. */
  #age() {
    if (this.#store.document && !document.hidden && this.#view.sweep) {
      this.header.draw();
      this.workers.draw();
      this.timeline.draw();
    }
  }

  #heard({live, words}) {
    if (live) {
      this.#lostAt = null;
      this.#connection("live", "live");
      return;
    }
    this.#lostAt ??= Date.now();
    const since = `not connected since ${clockText(this.#lostAt, Date.now())}, trying again`;
    this.#connection(words ? `${since}: ${words}` : since, "lost");
    if (!this.#store.document) {
      say(document.getElementById("empty"), words || "The server does not answer; trying again.");
    }
  }

  #connection(text, kind) {
    const place = document.getElementById("connection");
    say(place, text);
    place.dataset.kind = kind;
  }
}

/** To the sweep, but not by the address, which holds what was chosen. */
function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

new Page();
