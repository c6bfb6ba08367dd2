// Light or dark: as the system says, or as the reader does. Knows colours by name, for what is drawn on canvas.

const ORDER = ["auto", "light", "dark"];
const STORED = "sweep-runner-theme";

/** Sets the theme and tells when it changes, by the button or by the system. */
export class Theme {
  #button;
  #listeners = [];
  #probe = document.createElement("span");

  constructor(button) {
    this.#button = button;
    this.#probe.hidden = true;
    document.body.append(this.#probe);
    button.addEventListener("click", () => this.#set(ORDER[(ORDER.indexOf(this.#now()) + 1) % ORDER.length]));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#tell());
    this.#set(remembered());
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** The colour behind a name of the style sheet, as canvas understands it. */
  colour(name) {
    this.#probe.style.color = `var(${name})`;
    return getComputedStyle(this.#probe).color;
  }

  #now() {
    return document.documentElement.dataset.theme ?? "auto";
  }

  #set(theme) {
    if (theme === "auto") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme;
    }
    this.#button.querySelector("b").textContent = theme;
    try {
      localStorage.setItem(STORED, theme);
    } catch {
      // a browser that keeps nothing asks the system each time
    }
    this.#tell();
  }

  #tell() {
    this.#listeners.forEach((listener) => listener());
  }
}

function remembered() {
  try {
    const theme = localStorage.getItem(STORED);
    return ORDER.includes(theme) ? theme : "auto";
  } catch {
    return "auto";
  }
}
