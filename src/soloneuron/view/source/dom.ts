/** The few helpers that make elements, and ask the browser. */

type Child = Node | string | null;
type Attributes = Record<string, string | boolean | number | ((event: Event) => void)>;

/** An element with attributes (functions listen, false leaves out) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child): child is Node | string => child !== null));
  return made;
}

/** Put a text into an element, if it is not there already: a live region speaks only when something changes. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A button with words. */
export function button(label: Child, click: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return el("button", { type: "button", click, ...attributes }, label);
}

/** A button with a sign; its words are spoken, and shown beside the pointer. */
export function sign(mark: Child, title: string, click: () => void, attributes: Attributes): HTMLButtonElement {
  return button(mark, click, { "aria-label": title, title, ...attributes });
}

/** A labelled select. */
export function select(
  label: string,
  options: [string, string][],
  value: string,
  change: (value: string) => void,
  attributes: Attributes = {},
): HTMLLabelElement {
  const box = el(
    "select",
    { change: () => change(box.value), ...attributes },
    ...options.map(([key, words]) => el("option", { value: key, selected: key === value }, words)),
  );
  return el("label", { class: "field" }, el("span", {}, label), box);
}

/** Buttons that take one stop of the Tab key together; the arrows go from one to the next. */
export function roving(...buttons: HTMLElement[]): HTMLElement[] {
  const stop = (at: HTMLElement | undefined): void => {
    for (const one of buttons) one.tabIndex = one === at ? 0 : -1;
  };
  for (const one of buttons) {
    one.addEventListener("focus", () => stop(one));
    // The first one is never disabled.
    one.addEventListener("blur", () => one.matches(":disabled") && stop(buttons[0]));
    one.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined) return;
      const able = buttons.filter((other) => !other.matches(":disabled") && other.checkVisibility());
      able.at((able.indexOf(one) + by) % able.length)?.focus();
      event.preventDefault();
      event.stopPropagation();
    });
  }
  stop(buttons.find((one) => !one.matches(":disabled")));
  return buttons;
}

/** Whether somebody wants no motion. */
export function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Let the browser keep a text as a file. */
export function download(name: string, content: string, type = "text/html"): void {
  const href = URL.createObjectURL(new Blob([content], { type }));
  el("a", { href, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
