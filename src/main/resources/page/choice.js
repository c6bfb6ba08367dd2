// What the reader has chosen (sweep, keys, metric, selection, filters), kept in the address behind the #,
// so that a link shows the same. Knows nothing of what the choices mean.

/** Values by name; a name without a value is not in the address. Tells its listeners of every change. */
export class Choice {
  #values = new Map();
  #listeners = [];

  constructor() {
    this.#read();
    window.addEventListener("hashchange", () => {
      this.#read();
      this.#tell();
    });
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }

  get(name, otherwise = "") {
    return this.#values.get(name) ?? otherwise;
  }

  /** As a list; a comma parts, for ids and words that hold none. */
  list(name) {
    return this.get(name).split(",").filter((part) => part !== "");
  }

  /** Several at once: {name: text, a list, or null for "as by default"}. */
  set(changes) {
    for (const [name, value] of Object.entries(changes)) {
      const text = Array.isArray(value) ? value.join(",") : value;
      if (text === null || text === "") {
        this.#values.delete(name);
      } else {
        this.#values.set(name, String(text));
      }
    }
    this.#write();
    this.#tell();
  }

  #read() {
    const there = [...new URLSearchParams(location.hash.slice(1))];
    this.#values = new Map(there.filter(([, value]) => value !== ""));
  }

  #write() {
    const text = new URLSearchParams([...this.#values]).toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  }

  #tell() {
    this.#listeners.forEach((listener) => listener());
  }
}
