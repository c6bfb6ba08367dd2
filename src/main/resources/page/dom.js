// Making and changing elements. All text goes in as text, never as markup, so that no name can do harm.

/** An element: attributes by name (on... are listeners, null leaves one out), then children. */
export function el(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/** The same for drawings. */
export function svg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function dress(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      node.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Sets a text only where it differs, so that nothing is drawn for nothing. */
export function say(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Sets or removes an attribute, only where it differs. */
export function mark(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) {
      node.removeAttribute(name);
    }
  } else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

/** Makes `parent` hold just these nodes in this order; nodes that stay are not touched. */
export function hold(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) {
    if (!wanted.has(child)) {
      child.remove();
    }
  }
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) {
      at = at.nextSibling;
    } else {
      parent.insertBefore(node, at);
    }
  }
}

/** A list of options with the one that is chosen; made anew only where the options differ. */
export function offer(select, options, chosen) {
  const signature = JSON.stringify(options);
  if (select.dataset.options !== signature) {
    select.dataset.options = signature;
    select.replaceChildren(...options.map(([value, text]) => el("option", {value}, text)));
  }
  select.value = chosen;
}

/** A button that puts a command into the clipboard, and says so. */
export function copyButton(command) {
  const button = el("button", {type: "button", class: "quiet", "aria-label": `Copy the command ${command}`}, "Copy");
  button.addEventListener("click", async () => {
    say(button, (await toClipboard(command)) ? "Copied" : "Select it by hand");
    setTimeout(() => say(button, "Copy"), 2000);
  });
  return button;
}

/** The clipboard is there only on loopback and https; elsewhere the old way. */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = el("textarea", {class: "unseen"}, text);
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** Calls at most once a frame, however often it is asked. */
export function oncePerFrame(draw) {
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        draw();
      });
    }
  };
}
