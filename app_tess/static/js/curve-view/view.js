// The view of one TOI: what its address, form and panels say is one state, which every change goes through.

import { findProblem, NUMBERS, readState, writeState } from "./address.js";
import { Curves } from "./curves.js";
import { make, Panel } from "./panel.js";
import { Refused } from "./points.js";
import { foldPart, foldScenes, foldShapes, markWords, timeScene } from "./scenes.js";

const SETTLED_MS = 300;
// half of what is shown of a transit, as in the picture
const DURATIONS = 3;
const UNKNOWN_HALF_H = 6;

export class CurveView {
  constructor(root, isFirst) {
    Object.assign(this, { root, isFirst, toi: root.dataset.toi, form: root.querySelector("form"), lit: null, pinned: null });
    // what the server found wrong stays in the form, and the catalogue's values are drawn
    this.isRefused = Boolean(this.form.querySelector("[aria-invalid]"));
    this.state = readState(this.isRefused ? "" : location.search, this.toi, isFirst);
    this.build();
    addEventListener("popstate", () => this.goTo(readState(location.search, this.toi, isFirst)));
  }

  build() {
    const onPoint = (x, y, isClick) => this.pointAt(x, y, isClick), name = this.root.dataset.name;
    const onPhase = (range, how) => this.setPhase(range, how);
    this.fold = new Panel({ name: "fold", label: `Fold of ${name}`, height: 250, xLabel: "Time from mid-transit [hours]", yLabel: "Detrended flux", onRange: onPhase, onPoint });
    this.compared = new Panel({ name: "compared", label: `Odd and even transits of ${name}`, height: 250, xLabel: "Time from mid-transit [hours]", yLabel: "Detrended flux", onRange: onPhase, onPoint });
    this.time = new Panel({
      name: "time", label: `Light curve of ${name}`, height: 230, xLabel: "Time [BTJD, days]", yLabel: "Relative flux", least: 0.02, bounds: [1325, 1353], window: [1325, 1353],
      onRange: (range, how) => this.setRange(range, how),
      onPoint: (x, _y, isClick) => this.pointAtTime(x, isClick),
      ticks: (low, high, most) => this.curves?.timeline?.ticks(low, high, most) ?? [],
      labels: (places) => this.curves?.timeline?.labels(places) ?? [],
    });
    this.message = make("p", { className: "curve-message" });
    this.live = make("p", { className: "visually-hidden" });
    for (const element of [this.message, this.live]) element.setAttribute("role", "status");
    this.note = make("p", { className: "curve-note" });
    const step = (text, word, by) => make("button", { type: "button", textContent: text, ariaLabel: word, onclick: () => this.stepTransit(by) });
    this.steps = make("p", { className: "curve-steps" }, step("‹ Transit", "Highlight the previous transit", -1), " ", step("Transit ›", "Highlight the next transit", 1), " ", (this.which = make("span", { className: "muted" })));
    this.panels = make("div", { className: "curve-panels", ariaBusy: "true" }, this.fold.element, this.compared.element, this.time.element);
    this.body = make("div", { className: "curve-live" }, this.message, this.panels, this.steps, this.live, this.note);
    this.root.querySelector("figcaption").before(this.body);
    this.form.addEventListener("submit", (event) => this.submit(event));
    for (const select of this.form.querySelectorAll("select")) select.addEventListener("change", () => this.form.requestSubmit());
  }

  start() {
    for (const panel of [this.fold, this.compared, this.time]) panel.start();
    this.load();
  }

  ephemeris() {
    const value = (name, key) => Number(this.state[name]) || Number(this.root.dataset[key]) || null;
    const found = { period_d: value("period_d", "periodD"), epoch_btjd: value("epoch_btjd", "epochBtjd"), duration_h: value("duration_h", "durationH") };
    return found.epoch_btjd === null ? null : found;
  }

  /** Half of the hours shown around a transit. */
  halfH() {
    const { period_d: period, duration_h: duration } = this.eph, most = period ? period * 12 : Infinity;
    return Math.min(duration && duration < 2 * most ? DURATIONS * duration : UNKNOWN_HALF_H, most);
  }

  /** The parameters by which the server finds the same ephemeris. */
  foldParams() {
    const given = Object.fromEntries(["period_d", "epoch_btjd", "duration_h"].map((name) => [name, this.state[name]]));
    return { toi: this.toi, ...given, within_h: this.state.mode === "orbit" ? "" : +this.halfH().toFixed(4) };
  }

  /** Load everything for the state anew, and draw it. */
  async load() {
    const turn = (this.turn = (this.turn ?? 0) + 1), { points, kind, flux, curves: listed, most } = this.root.dataset;
    this.say("Loading …");
    const curves = new Curves(points, { kind, flux }, (sentence) => turn === this.turn && this.wait(sentence));
    try {
      await curves.load(this.state.curve ? [this.state.curve] : listed.split(" "), Number(most));
      if (turn !== this.turn) return;
      this.curves = curves;
      this.eph = this.ephemeris();
      this.folds = Boolean(this.eph?.period_d);
      this.isTyped = Boolean(this.eph && (this.state.period_d || this.state.epoch_btjd));
      this.litH = this.eph ? this.halfH() : 0;
      this.setBounds();
      this.showLive();
      if (this.folds) await curves.loadFolds(this.foldParams());
      if (turn !== this.turn) return;
      this.wait("");
      this.describe();
      this.draw();
      this.refineSoon();
    } catch (error) {
      if (turn === this.turn) this.fail(error);
    }
  }

  /** Say what is waited for; the notice on the page hears whether anything is. */
  wait(sentence) {
    this.say(sentence);
    this.root.dispatchEvent(new CustomEvent("light-curve", { bubbles: true, detail: { isWaiting: Boolean(sentence) } }));
  }

  /** Without any curve the picture is shown again; with one, what was drawn stays, and the form says what is wrong. */
  fail(error) {
    this.wait("");
    const message = error instanceof Refused ? error.message : "The points could not be loaded. Please try again.";
    this.say(message);
    const field = this.form.elements[message.split(":")[0]];
    field?.setAttribute("aria-invalid", "true");
    if (!this.curves) this.root.classList.add("is-static");
  }

  say(sentence) {
    this.message.textContent = sentence;
  }

  showLive() {
    this.root.classList.remove("is-static");
    this.fold.element.hidden = this.compared.element.hidden = this.steps.hidden = !this.folds;
    for (const panel of [this.fold, this.compared, this.time]) panel.fit();
  }

  setBounds() {
    const { timeline } = this.curves, { btjd_min: low, btjd_max: high } = this.state;
    this.time.bounds = timeline.limits;
    this.time.window = [low ? Math.max(timeline.placeOf(Number(low)), timeline.limits[0]) : timeline.limits[0], high ? Math.min(timeline.placeOf(Number(high)), timeline.limits[1]) : timeline.limits[1]];
    if (this.folds) {
      const half = this.state.mode === "orbit" ? this.eph.period_d * 12 : this.halfH();
      for (const panel of [this.fold, this.compared]) panel.bounds = panel.window = [-half, half];
    }
    if (this.isRefused) return;
    for (const name of ["curve", "mode", ...NUMBERS]) {
      const field = this.form.elements[name];
      field.removeAttribute("aria-invalid");
      field.value = this.state[name] || (name === "mode" ? "transit" : "");
    }
    this.offerDefault();
  }

  /** The time at both ends of the panel of time. */
  times() {
    return this.time.window.map((place) => this.curves.timeline.timeOf(place));
  }

  drawSoon() {
    this.frameId ??= requestAnimationFrame(() => {
      this.frameId = null;
      this.draw();
    });
  }

  draw() {
    const [low, high] = this.times(), { all, timeline } = this.curves, lit = this.lit ?? this.pinned;
    const { title, flux_type: flux } = all[0].overview;
    const words = all.length > 1 ? `Sectors ${all.map(({ sector }) => sector).join(", ")}: ${flux} flux` : `${title}: ${flux} flux`;
    const scene = timeScene({ curves: all, timeline, low, high, ephemeris: this.eph, isTyped: this.isTyped, lit, halfH: this.litH, title: words });
    this.time.show(scene);
    this.panels.ariaBusy = "false";
    this.drawn = scene.status;
    if (!this.folds || !all.every(({ folds }) => folds.length)) return;
    const key = [low, high, ...this.fold.window, ...all.map(({ folds }) => folds.length)].join();
    if (this.folded?.key !== key || this.folded.eph !== this.eph) {
      this.folded = Object.assign(foldPart(all, low, high, this.eph), { key, eph: this.eph });
      this.shapes = foldShapes(this.folded, this.fold.window, this.litH);
    }
    const scenes = foldScenes(this.folded, this.shapes, { ephemeris: this.eph, lit, simulated: scene.simulated });
    this.fold.show(scenes.fold);
    this.compared.show(scenes.compared);
  }

  describe() {
    const { overview } = this.curves.all[0], marks = markWords(this.curves.all);
    const masked = this.eph?.duration_h ? ", with the transits left out of the fit" : "; without a duration no transit is left out of the fit";
    const methods = [...new Set(this.curves.all.map((curve) => curve.overview.detrending))].join("; ");
    this.note.textContent = [
      overview.simulated ? "SIMULATED light curves: not measurements of the star." : "",
      `Quality mask ${overview.mask}, as in the picture.`,
      this.folds ? `The part of time that is shown is folded, detrended sector by sector (${methods})${masked}.` : "",
      marks ? `Predicted transits: ${marks}.` : "",
      this.isTyped ? "Dashed lines: transits by the typed values." : "",
      "Drag to zoom, Shift and drag to move; the wheel zooms a panel that was clicked, or with Ctrl.",
      ...this.curves.problems,
    ].filter(Boolean).join(" ");
  }

  offerDefault() {
    this.form.querySelector("[data-default]").hidden = !Object.values(this.state).some(Boolean);
  }

  setRange(_range, how) {
    const { limits } = this.curves.timeline, [low, high] = this.time.window;
    const isWhole = low <= limits[0] + 1e-6 && high >= limits[1] - 1e-6;
    const digits = high - low < 0.2 ? 5 : 4, times = this.times();
    Object.assign(this.state, { btjd_min: isWhole ? "" : String(+times[0].toFixed(digits)), btjd_max: isWhole ? "" : String(+times[1].toFixed(digits)) });
    for (const name of ["btjd_min", "btjd_max"]) this.form.elements[name].value = this.state[name];
    this.offerDefault();
    this.drawSoon();
    this.refineSoon(how);
  }

  setPhase(range, how) {
    this.fold.window = this.compared.window = range;
    this.drawSoon();
    if (how === "key" || how === "button") this.announceSoon(() => `${range.map((hour) => hour.toFixed(2)).join(" to ")} hours from mid-transit. ${this.fold.scene.status}`);
  }

  /** Once the range rests: the address, finer points, and what is drawn, said aloud. */
  refineSoon(how) {
    clearTimeout(this.settling);
    this.settling = setTimeout(async () => {
      if (how) history.replaceState(history.state, "", writeState(location, this.toi, this.state));
      const [low, high] = this.times(), curves = this.curves;
      try {
        if (await curves.refine(low, high, this.folds && this.foldParams()) && curves === this.curves) this.draw();
      } catch (error) {
        // what is drawn stays
        this.say(error.message);
      }
      if (how === "key" || how === "button") this.announceSoon(() => `BTJD ${this.times().map((time) => time.toFixed(3)).join(" to ")}. ${this.drawn}`);
    }, SETTLED_MS);
  }

  announceSoon(words) {
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => (this.live.textContent = words()), SETTLED_MS);
  }

  pointAtTime(place, isClick) {
    if (!this.folds || !this.curves) return;
    let number = null;
    if (place !== null) {
      const { period_d: period, epoch_btjd: epoch } = this.eph, time = this.curves.timeline.timeOf(place);
      number = Math.round((time - epoch) / period);
      if (Math.abs(time - epoch - number * period) * 24 > this.litH) number = null;
    }
    this.light(number, isClick);
  }

  /** The transit of the cadence nearest to a point of the fold, measured in parts of the frame. */
  pointAt(x, y, isClick) {
    if (x === null || !this.folded) return this.light(null, false);
    const [low, high] = this.fold.window, { fold: { scene: { frame = [0, 1] } } } = this;
    let best = null, least = 0.03 ** 2;
    for (let i = 0; i < this.folded.x.length; i++) {
      const dx = (this.folded.x[i] - x) / (high - low), dy = (this.folded.y[i] - y) / (frame[1] - frame[0]), apart = dx * dx + dy * dy;
      if (apart < least) [best, least] = [this.folded.numbers[i], apart];
    }
    this.light(best, isClick);
  }

  light(number, isClick) {
    if (isClick) this.pinned = number === this.pinned ? null : number;
    else if (number === this.lit) return;
    this.lit = isClick ? null : number;
    this.nameTransit();
    this.drawSoon();
  }

  stepTransit(by) {
    if (!this.folded) return;
    const { transits: numbers } = this.shapes, at = numbers.indexOf(this.pinned);
    this.pinned = at < 0 ? numbers[by > 0 ? 0 : numbers.length - 1] ?? null : numbers[at + by] ?? null;
    this.lit = null;
    this.nameTransit();
    this.live.textContent = this.which.textContent || "No transit is highlighted.";
    this.drawSoon();
  }

  nameTransit() {
    const number = this.lit ?? this.pinned;
    this.which.textContent = number === null ? "" : `Transit ${number} (${number % 2 ? "odd" : "even"}), mid-transit BTJD ${(this.eph.epoch_btjd + number * this.eph.period_d).toFixed(4)}`;
  }

  submit(event) {
    const given = Object.fromEntries(["curve", "mode", ...NUMBERS].map((name) => [name, this.form.elements[name].value.trim()]));
    if (given.mode === "transit") given.mode = "";
    const problem = findProblem(given);
    const outside = given.btjd_min && this.curves && given.curve === this.state.curve && !this.curves.seen(Number(given.btjd_min), Number(given.btjd_max || Infinity)).length;
    // the server chooses the light curves of that time
    if (outside) return;
    event.preventDefault();
    for (const name of NUMBERS) this.form.elements[name].toggleAttribute("aria-invalid", false);
    if (problem) {
      this.form.elements[problem[0]].setAttribute("aria-invalid", "true");
      this.say(problem[1]);
      return;
    }
    // a range of time belongs to its sectors
    if (given.curve !== this.state.curve && given.btjd_min === this.state.btjd_min && given.btjd_max === this.state.btjd_max) given.btjd_min = given.btjd_max = "";
    history.pushState(history.state, "", writeState(location, this.toi, given));
    this.goTo(given);
  }

  goTo(state) {
    if (!this.isRefused && JSON.stringify(state) === JSON.stringify(this.state)) return;
    this.state = state;
    this.isRefused = false;
    this.pinned = this.lit = null;
    if (this.plotted) this.load();
  }

  get plotted() {
    return Boolean(this.time.plot);
  }
}
