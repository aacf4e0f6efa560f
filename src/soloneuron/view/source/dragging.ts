/** The start on a map, dragged to other weights. */

import type { Chart } from "./map";

/** So many pixels from the start a finger still takes it. */
const FINGER = 28;

/** Let the start be dragged; `put` hears where it is let go, `again` paints it on its way. */
export function letDrag(chart: Chart, put: (u: number, v: number) => void, again: () => void): void {
  const { canvas } = chart;
  let dragging = false;
  const move = (event: PointerEvent): void => {
    if (!dragging) return;
    chart.moved = chart.at(event.offsetX, event.offsetY);
    again();
  };
  // A new start makes new pictures: it is asked for at the end, or this one would be gone amid the drag.
  const end = (): void => {
    if (chart.moved !== undefined) put(...chart.moved);
    dragging = false;
    chart.moved = undefined;
  };
  // A finger scrolls the page, unless it takes the start.
  canvas.addEventListener("touchstart", (event) => {
    if (dragging) event.preventDefault();
  });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !isNear(chart, event.offsetX, event.offsetY)) return;
    dragging = true;
    canvas.setPointerCapture(event.pointerId);
    move(event);
  });
  canvas.addEventListener("pointermove", move);
  for (const event of ["pointerup", "pointercancel"]) canvas.addEventListener(event, end);
}

/** Whether a finger there means the start. */
function isNear({ axes, start: [u, v] }: Chart, x: number, y: number): boolean {
  return axes !== undefined && Math.hypot(axes.x(u) - x, axes.y(v) - y) < FINGER;
}
