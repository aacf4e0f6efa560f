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
