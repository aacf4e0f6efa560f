/** What a picture tells of one of its places: the one under the pointer, or under a cross that the arrow keys move. */

import { el, say } from "./dom";

/** A sentence on a place of the sheet, in pixels; nothing where there is nothing to tell. */
export type Reading = (x: number, y: number) => string | undefined;

/** The part of the sheet by which an arrow key moves the cross; with Shift five times as much. */
const STRIDE = 0.02;
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A picture with its caption, which gives way to the reading while there is one. */
export function readable(canvas: HTMLCanvasElement, title: string, read: Reading, pick?: (x: number) => void): HTMLElement {
  const caption = el("figcaption", {}, title);
  const cross = el("span", { class: "cross", hidden: true });
  const figure = el("figure", { class: "readable" }, el("div", { class: "sheet" }, canvas, cross), caption);
  let at: [number, number] | undefined;
  const tell = (x: number, y: number): void => say(caption, read(x, y) ?? title);
  const end = (): void => {
    at = undefined;
    cross.hidden = true;
    say(caption, title);
  };
  canvas.addEventListener("pointermove", (event) => tell(event.offsetX, event.offsetY));
  canvas.addEventListener("pointerleave", end);
  canvas.addEventListener("blur", end);
  if (pick !== undefined) canvas.addEventListener("click", (event) => pick(event.offsetX));
  if (canvas.tabIndex >= 0) return figure;
  canvas.tabIndex = 0;
  caption.setAttribute("aria-live", "polite");
  canvas.addEventListener("keydown", (event) => {
    const by = ARROWS[event.key];
    const picked = event.key === "Enter" && pick !== undefined && at !== undefined;
    if (event.ctrlKey || event.metaKey || event.altKey || (by === undefined && !picked)) return;
    event.preventDefault();
    event.stopPropagation();
    const { clientWidth: width, clientHeight: height } = canvas;
    if (by !== undefined) {
      const stride = STRIDE * (event.shiftKey ? 5 : 1);
      const [x, y] = at ?? [width / 2, height / 2];
      at = [bounded(x + by[0] * stride * width, width), bounded(y + by[1] * stride * height, height)];
      cross.hidden = false;
      Object.assign(cross.style, { left: `${at[0]}px`, top: `${at[1]}px` });
      tell(...at);
    } else if (at !== undefined) pick?.(at[0]);
  });
  return figure;
}

function bounded(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
