// Wheel, mouse, touch and keyboard on a plot, as changes of its range of x. The page scrolls on: a wheel zooms a plot that
// has the focus or with Ctrl, and one finger that moves up or down scrolls.

import { within, zoomed } from "./folding.js";

const STEP = 0.75;
const PAN = 0.2;

/** `panel`: range(), limits(), least, set(range, how), reset(how), plot (uPlot). */
export function addGestures(panel, element) {
  const over = panel.plot.over;
  const valueAt = (event) => panel.plot.posToVal(event.clientX - over.getBoundingClientRect().left, "x");
  const zoom = (factor, about, how) => panel.set(zoomed(panel.range(), factor, about, panel.limits(), panel.least), how);
  const middle = () => (panel.range()[0] + panel.range()[1]) / 2;
  const pan = (distance, how) => panel.set(within(panel.range().map((end) => end + distance), panel.limits()), how);
  const width = () => panel.range()[1] - panel.range()[0];

  over.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !element.contains(document.activeElement)) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? STEP : 1 / STEP, valueAt(event), "wheel");
  }, { passive: false });

  const keys = {
    ArrowLeft: () => pan(-PAN * width(), "key"),
    ArrowRight: () => pan(PAN * width(), "key"),
    "+": () => zoom(STEP, middle(), "key"),
    "=": () => zoom(STEP, middle(), "key"),
    "-": () => zoom(1 / STEP, middle(), "key"),
    0: () => panel.reset("key"),
    Home: () => panel.reset("key"),
  };
  element.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  over.addEventListener("mousedown", () => element.focus({ preventScroll: true }));
  over.addEventListener("dblclick", () => panel.reset("mouse"));

  // Fingers, and the mouse with Shift, move the plot; two fingers stretch it.
  const pointers = new Map();
  const moves = (event) => event.pointerType === "touch" || (event.shiftKey && event.button === 0);
  over.addEventListener("pointerdown", (event) => {
    if (!moves(event)) return;
    over.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event.clientX);
  });
  over.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return;
    const before = [...pointers.values()];
    pointers.set(event.pointerId, event.clientX);
    const after = [...pointers.values()], perPixel = width() / over.clientWidth;
    if (after.length === 1) pan((before[0] - after[0]) * perPixel, "pointer");
    else {
      const apart = ([a, b]) => Math.max(Math.abs(a - b), 10), left = over.getBoundingClientRect().left;
      zoom(apart(before) / apart(after), panel.plot.posToVal((after[0] + after[1]) / 2 - left, "x"), "pointer");
    }
  });
  for (const name of ["pointerup", "pointercancel"]) over.addEventListener(name, (event) => pointers.delete(event.pointerId));

  return { zoomIn: () => zoom(STEP, middle(), "button"), zoomOut: () => zoom(1 / STEP, middle(), "button"), reset: () => panel.reset("button") };
}
