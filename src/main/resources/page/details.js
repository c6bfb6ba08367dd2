// All facts about one run, in a dialog that the address remembers. Knows the point through the view.
import {copyButton, el, mark, say} from "./dom.js";
import {countText, dateText, durationText, endLook, metricText, plural, rateText, stateLook, stateWord, valueText} from "./format.js";

/** Opens for the choice "run", and is closed by Escape, by its button, or by a click beside it. */
export class Details {
  #store;
  #view;
  #choice;
  #dialog = document.getElementById("details");
  #shown = "";

  constructor(store, view, choice) {
    this.#store = store;
    this.#view = view;
    this.#choice = choice;
    this.#dialog.addEventListener("close", () => choice.get("run") && choice.set({run: null}));
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close());
  }

  open(runId) {
    this.#choice.set({run: runId});
  }

  draw() {
    const id = this.#choice.get("run");
    const point = id && this.#view.sweep?.points.find((one) => one.run_id === id);
    if (!point) {
      this.#shown = "";
      this.#dialog.close();
      return;
    }
    const claims = this.#store.claims.filter((claim) => claim.run_id === id);
    const now = JSON.stringify([point, claims]);
    if (now !== this.#shown) {
      this.#shown = now;
      this.#fill(point, claims);
    }
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
  }

  #fill(point, claims) {
    const look = stateLook(point.state);
    const close = this.#dialog.querySelector("button.close") ?? el("button", {type: "button", class: "quiet close", "aria-label": "Close", onclick: () => this.#dialog.close()}, "×");
    const title = el("h2", {id: "details-title"}, `Run ${point.run_id}`);
    const state = el("p", {class: "line"}, el("span", {class: "tile", "data-tone": look.tone, "aria-hidden": "true"}, look.mark), ` ${stateWord(point.state)}: ${point.reason}`);
    const explain = `./sweep-runner explain ${point.run_id}`;
    const parts = [
      state,
      point.way_out ? el("p", {class: "line"}, point.way_out) : null,
      el("p", {class: "command"}, el("code", {}, explain), copyButton(explain)),
      facts("Setting", Object.entries(point.overrides ?? {}).map(([name, value]) => [name, valueText(value)])),
      facts("Newest values", Object.entries(point.metrics ?? {}).map(([name, value]) => [name, metricText(value)])),
      facts("Work", this.#work(point)),
      claims.length > 0 ? this.#claims(claims) : null,
    ];
    const body = this.#dialog.querySelector(".dialog-body") ?? el("div", {class: "dialog-body", tabindex: "0", role: "region", "aria-label": "Facts"});
    body.replaceChildren(...parts.filter((part) => part));
    const head = this.#dialog.querySelector(".head") ?? el("div", {class: "head"}, title, close);
    say(head.firstChild, title.textContent);
    if (!head.isConnected) {
      this.#dialog.replaceChildren(head, body);
    }
    mark(this.#dialog, "data-run", point.run_id);
  }

  #work(point) {
    const age = this.#store.ageOf(point, "age_s");
    const lines = [
      ["iteration", point.max_iters ? `${countText(point.iter)} of ${countText(point.max_iters)}` : point.iter],
      ["last checkpoint at", point.checkpoint_iter],
      ["attempts", point.attempts],
      ["time left", point.eta_s === null || point.eta_s === undefined ? null : durationText(point.eta_s)],
      ["rate", point.tokens_per_second ? `${rateText(point.tokens_per_second)} ${this.#view.sweep.work_unit ?? "tokens"}/s` : null],
      ["worker", point.worker],
      ["host", point.host],
      ["device", point.device],
      ["cluster", point.cluster],
      ["Slurm job", [point.slurm_job, point.slurm_state, point.slurm_reason].filter((part) => part).join(" ")],
      ["W&B", point.wandb_state],
      ["known from", age === null ? point.source : `${point.source}, ${durationText(age)} ago`],
      ["folder", point.out_dir],
    ];
    return lines.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => [name, String(value)]);
  }

  #claims(claims) {
    const rows = claims.map((claim) => {
      const look = endLook(claim.end);
      const time = claim.to ? durationText((Date.parse(claim.to) - Date.parse(claim.from)) / 1000) : "";
      return el("tr", {}, el("td", {class: "number"}, String(claim.epoch)), el("td", {}, claim.worker), el("td", {}, dateText(Date.parse(claim.from))), el("td", {}, time), el("td", {}, `${look.mark} ${look.words}${claim.detail ? `: ${claim.detail}` : ""}`));
    });
    const head = el("tr", {}, ...["Claim", "Worker", "From", "Held for", "End"].map((name) => el("th", {scope: "col"}, name)));
    const caption = el("caption", {}, plural(claims.length, "claim", "claims"));
    return el("div", {class: "wide", tabindex: "0", role: "region", "aria-label": "Claims of this run"}, el("table", {class: "list"}, caption, el("thead", {}, head), el("tbody", {}, ...rows)));
  }
}

function facts(title, lines) {
  if (lines.length === 0) {
    return null;
  }
  return el("section", {}, el("h3", {}, title), el("dl", {}, ...lines.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}
