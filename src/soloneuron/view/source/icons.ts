/** Signs of the buttons, drawn, so that no font has to have them. */

const SHAPES: Record<string, string> = {
  reset: "M4 3h2.4v14H4zM17 3v14L7.5 10z",
  back: "M12 3v14L3 10zM13.6 3H16v14h-2.4z",
  play: "M5 2.5v15L17 10z",
  pause: "M4.5 3h4v14h-4zM11.5 3h4v14h-4z",
  step: "M8 3v14l9-7zM4 3h2.4v14H4z",
  undo: "M8 3v3.5h4a5 5 0 0 1 0 10H6v-2.4h6a2.6 2.6 0 0 0 0-5.2H8v3.6L2.5 7.8z",
  redo: "M12 3v3.5H8a5 5 0 0 0 0 10h6v-2.4H8a2.6 2.6 0 0 1 0-5.2h4v3.6l5.5-4.7z",
};

export function icon(name: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  made.setAttribute("viewBox", "0 0 20 20");
  made.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[name] ?? "");
  made.append(path);
  return made;
}

/** Give a button another sign, and the words for it. */
export function redraw(button: HTMLButtonElement, name: string, title: string): void {
  button.replaceChildren(icon(name));
  button.title = title;
  button.setAttribute("aria-label", title);
}
