// One plot of a view: its heading and buttons, its axes by uPlot, its points by `shapes`, and its range of x.

import { addGestures } from "./gestures.js";
import { drawLayers, drawLines, drawWatermark } from "./shapes.js";

/** Steps of the x axis at the least. The next round step is at most twice as long, which leaves three labels. */
const LEAST_STEPS = 6;
const KEYS = "Arrow keys move, plus and minus zoom, 0 resets.";

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export class Panel {
  /**
   * Parameters: `name` (class), `xLabel`, `yLabel`, `height` and `least` (width of x), `ticks(low, high, most)` and
   * `labels(places)` where x is not plain numbers, `onRange(range, how)`, `onPoint(x, y, isClick)`.
   */
  constructor(options) {
    Object.assign(this, { least: 0.05, scene: { layers: [] }, window: [0, 1], bounds: [0, 1] }, options);
    this.title = make("h4", { textContent: options.label });
    this.status = make("p", { className: "curve-status" });
    this.stage = make("div", { className: "curve-stage", tabIndex: 0 });
    this.stage.setAttribute("role", "group");
    // the plot's height from the start: what is below does not move, and a reloaded page is where it was
    this.stage.style.minHeight = `${this.height + 2}px`;
    this.element = make("section", { className: `curve-panel curve-panel-${options.name}` }, make("div", { className: "curve-head" }, this.title), this.stage, this.status);
  }

  /** Make the plot, once the element is in the page. */
  start() {
    this.plot = new uPlot(this.options(), [[0, 1], [1, 1]], this.stage);
    const actions = addGestures(this, this.stage);
    const buttons = make("span", { className: "curve-buttons" });
    for (const [text, word, action] of [["+", "Zoom in", actions.zoomIn], ["−", "Zoom out", actions.zoomOut], ["Reset", "Reset zoom", actions.reset]]) {
      const button = make("button", { type: "button", textContent: text, onclick: action });
      button.setAttribute("aria-label", `${word}: ${this.label}`);
      buttons.append(button);
    }
    this.element.firstChild.append(buttons);
    new ResizeObserver(() => this.fit()).observe(this.stage);
  }

  options() {
    const axis = { stroke: () => this.color("--text"), grid: { stroke: () => this.color("--curve-grid"), width: 1 }, ticks: { stroke: () => this.color("--curve-grid"), size: 5 }, font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif", labelSize: 20 };
    const x = { ...axis, label: this.xLabel, size: 32, space: (_plot, _axis, _low, _high, width) => Math.min(70, width / LEAST_STEPS) };
    if (this.ticks) {
      x.splits = (plot, _, low, high) => this.ticks(low, high, Math.max(3, Math.floor(plot.over.clientWidth / 80)));
      x.values = (_, places) => this.labels(places);
    }
    const numbers = (_, places) => places.map((place) => String(+place.toFixed(6)));
    return {
      width: this.width(), height: this.height, legend: { show: false }, padding: [8, 12, 0, 0],
      scales: { x: { time: false, range: () => this.window }, y: { range: () => this.scene.frame ?? [0.99, 1.01] } },
      axes: [x, { ...axis, label: this.yLabel, size: (_, labels) => 16 + 7 * Math.max(4, ...(labels ?? []).map((label) => label.length)), values: numbers }],
      series: [{}, { paths: () => null, points: { show: false } }],
      cursor: {
        y: false, points: { show: false }, drag: { x: true, y: false, setScale: false },
        bind: { mousedown: (_plot, _target, handle) => (event) => (event.shiftKey ? null : handle(event)) },
      },
      hooks: {
        draw: [(plot) => this.paint(plot)],
        setSelect: [(plot) => this.take(plot)],
        setCursor: [(plot) => this.point(plot, false)],
        ready: [(plot) => plot.over.addEventListener("click", () => this.point(plot, true))],
      },
    };
  }

  width() {
    return Math.max(this.stage.clientWidth, 120);
  }

  color(name) {
    return getComputedStyle(this.stage).getPropertyValue(name).trim();
  }

  fit() {
    if (this.plot.width !== this.width()) this.plot.setSize({ width: this.width(), height: this.height });
  }

  /** Set what is drawn: layers, lines, frame [low, high] of y; and the label that assistive techniques read. */
  show(scene) {
    this.scene = scene;
    this.title.textContent = scene.title;
    this.status.textContent = scene.status;
    this.stage.setAttribute("aria-label", `${scene.title}. ${scene.status}. ${KEYS}`);
    this.plot.setData([this.window, [1, 1]]);
  }

  paint(plot) {
    drawLines(plot, this.scene.lines ?? [], this.color("--muted"));
    drawLayers(plot, this.scene.layers.map((layer) => ({ ...layer, color: this.color(layer.color) })));
    if (this.scene.simulated) drawWatermark(plot, this.color("--curve-odd"));
  }

  take(plot) {
    const { left, width } = plot.select;
    if (width < 4) return;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.set([plot.posToVal(left, "x"), plot.posToVal(left + width, "x")], "drag");
  }

  point(plot, isClick) {
    const { left, top } = plot.cursor;
    if (left == null || left < 0) this.onPoint?.(null, null, false);
    else this.onPoint?.(plot.posToVal(left, "x"), plot.posToVal(top, "y"), isClick);
  }

  range() {
    return this.window;
  }

  limits() {
    return this.bounds;
  }

  set(range, how) {
    this.window = range;
    this.onRange(range, how);
  }

  reset(how) {
    this.set([...this.bounds], how);
  }
}
