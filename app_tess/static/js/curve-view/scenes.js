// What the panels of a view show, from its curves, its ephemeris and its range of time. Pure but for the words.

import { between, binMedians, fold, frame, select } from "./folding.js";
import { describePoints } from "./points.js";

const BINS = 60;
const SHAPES = ["triangle", "square", "circle", "ring"];
const MARKS = ["--curve-mark-1", "--curve-mark-2", "--curve-mark-3", "--curve-mark-4"];

/** The finest points of a curve that hold a range of time. */
function finest(curve, low, high) {
  const covers = (points) => points.from <= Math.max(low, curve.start) && points.to >= Math.min(high, curve.stop);
  return curve.details.findLast((points) => covers(points)) ?? curve.overview;
}

/** The part of each curve between two times: [{points, from, to, curve}]. */
function parts(curves, low, high, choose) {
  return curves.filter((curve) => curve.start <= high && curve.stop >= low).map((curve) => {
    const points = choose(curve);
    const [from, to] = between(points.time_btjd, low, high);
    return { curve, points, from, to };
  }).filter(({ from, to }) => to > from);
}

function join(chunks, type = Float64Array) {
  const all = new type(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** The panel of time. `lit`: the number of the transit that is pointed at, or null; `halfH`: half its width [h]. */
export function timeScene({ curves, timeline, low, high, ephemeris, isTyped, lit, halfH, title }) {
  const seen = parts(curves, low, high, (curve) => finest(curve, low, high));
  const x = join(seen.map(({ curve, points, from, to }) => points.time_btjd.subarray(from, to).map((time) => time - curve.shift)));
  const y = join(seen.map(({ points, from, to }) => points.flux.subarray(from, to)));
  const limits = frame(y, 0.05);
  const layers = [{ x, y, color: "--curve-point", shape: "dot", size: x.length > 3000 ? 2 : 3 }];
  if (lit !== null && ephemeris) {
    const place = timeline.placeOf(ephemeris.epoch_btjd + lit * ephemeris.period_d);
    layers.push({ ...select(x, y, place - halfH / 24, place + halfH / 24), color: "--curve-lit", shape: "square", size: 4 });
  }
  marked(curves).forEach(([, times], object) => {
    const at = limits[0] + (limits[1] - limits[0]) * (0.03 + 0.04 * (object % 4));
    const places = times.filter((time) => time >= low && time <= high).map((time) => timeline.placeOf(time));
    layers.push({ x: places, y: places.map(() => at), color: MARKS[object % 4], shape: SHAPES[object % 4], size: 9 });
  });
  const sectors = curves.length > 1 ? timeline.parts.map(({ start, shift }, i) => ({ x: start - shift, word: String(curves[i].sector) })) : [];
  const typed = isTyped ? transitTimes(curves, low, high, ephemeris).map((time) => ({ x: timeline.placeOf(time) })) : [];
  return { title, layers, lines: [...sectors, ...typed], frame: limits, status: x.length ? describePoints(seen.map(({ points }) => points), x.length) : "No cadence in this part of time", simulated: curves.some(({ overview }) => overview.simulated) };
}

/** The mid-transit times of an ephemeris in the data, at most 200. */
function transitTimes(curves, low, high, { period_d: period, epoch_btjd: epoch }) {
  if (!period) return [epoch].filter((time) => time >= low && time <= high);
  const times = [];
  for (const { start, stop } of curves) {
    const first = Math.ceil((Math.max(start, low) - epoch) / period), last = Math.floor((Math.min(stop, high) - epoch) / period);
    for (let n = first; n <= last && times.length < 200; n++) times.push(epoch + n * period);
  }
  return times;
}

/** [TOI, its predicted transits] of each TOI with a transit in these curves: its place decides on its symbol. */
function marked(curves) {
  const found = new Map();
  for (const { overview } of curves) {
    for (const [name, times] of Object.entries(overview.transits)) found.set(name, [...(found.get(name) ?? []), ...times]);
  }
  return [...found].filter(([, times]) => times.length);
}

/** The symbols of the marked objects, in words: "▲ TOI-101.01". */
export function markWords(curves) {
  return marked(curves).map(([name], object) => `${["▲", "■", "●", "○"][object % 4]} ${name}`).join(", ");
}

/** Fold the cadences between two times; each curve's own fold is remembered until the ephemeris changes. */
export function foldPart(curves, low, high, ephemeris) {
  const seen = parts(curves, low, high, (curve) => curve.folds.findLast((points) => points.from <= Math.max(low, curve.start) && points.to >= Math.min(high, curve.stop)) ?? curve.folds[0]);
  for (const { points } of seen) {
    if (points.foldedOn !== ephemeris) Object.assign(points, { foldedOn: ephemeris, folded: fold(points.time_btjd, ephemeris) });
  }
  return {
    x: join(seen.map(({ points, from, to }) => points.folded.hours.subarray(from, to))),
    y: join(seen.map(({ points, from, to }) => points.detrended_flux.subarray(from, to))),
    numbers: join(seen.map(({ points, from, to }) => points.folded.numbers.subarray(from, to)), Int32Array),
    parts: seen.map(({ points }) => points),
  };
}

/** The numbers of the transits with a cadence within half a width [h] of mid-transit, ascending. */
export function transitNumbers({ x, numbers }, halfH) {
  const found = new Set();
  for (let i = 0; i < x.length; i++) if (Math.abs(x[i]) <= halfH) found.add(numbers[i]);
  return [...found].sort((a, b) => a - b);
}

/** What the fold, and odd and even transits over each other, show in a range of hours, whichever transit is lit. */
export function foldShapes(folded, [low, high], halfH) {
  const { x, y, numbers } = folded, transits = transitNumbers(folded, halfH);
  const inside = select(x, y, low, high);
  const sides = [[1, "--curve-odd", "square", 7], [0, "--curve-even", "ring", 8]].map(([odd, color, shape, size]) => {
    const points = select(x, y, low, high, numbers, (number) => (number & 1) === odd);
    const count = transits.filter((number) => (number & 1) === odd).length;
    return { count, points: { ...points, color, shape: "dot", size: 1.5, alpha: 0.25 }, medians: { ...binMedians(points.x, points.y, low, high, BINS), color, shape, size } };
  });
  return { inside, sides, transits, medians: binMedians(inside.x, inside.y, low, high, BINS) };
}

/** The two panels of `foldShapes`; `lit`: the number of a transit, or null. Each has a scale of its own. */
export function foldScenes(folded, { inside, sides, transits, medians }, { ephemeris, lit, simulated }) {
  const light = lit === null ? [] : [{ ...select(folded.x, folded.y, -Infinity, Infinity, folded.numbers, (number) => number === lit), color: "--curve-lit", shape: "square", size: 4 }];
  const none = transits.length === 0 ? "No transit in this part of time. " : "";
  return {
    fold: {
      title: `Folded on ${+ephemeris.period_d.toFixed(6)} d`,
      status: `${none}${describePoints(folded.parts, inside.x.length)}, ${transits.length} transit${transits.length === 1 ? "" : "s"}`,
      layers: [{ ...inside, color: "--curve-point", shape: "dot", size: 2 }, ...light, { ...medians, color: "--curve-even", shape: "circle", size: 6 }],
      frame: frame(inside.y, 0.2), simulated,
    },
    compared: {
      title: "Odd and even transits",
      status: `${none}Medians: ■ ${sides[0].count} odd, ○ ${sides[1].count} even`,
      layers: [...sides.map(({ points }) => points), ...light, ...sides.map(({ medians: middle }) => middle)],
      frame: frame(sides.flatMap(({ medians: { y } }) => y), 0), simulated,
    },
  };
}
