// Pure functions of times and fluxes: fold, select, bin, and the limits of an axis. Times in days, phases in hours.

const HOURS_PER_DAY = 24;

/** Fold times on an ephemeris: hours from the nearest mid-transit and that transit's number, 0 at the epoch. */
export function fold(times, { period_d: period, epoch_btjd: epoch }) {
  const hours = new Float64Array(times.length), numbers = new Int32Array(times.length);
  for (let i = 0; i < times.length; i++) {
    const number = Math.floor((times[i] - epoch) / period + 0.5);
    numbers[i] = number;
    hours[i] = (times[i] - epoch - number * period) * HOURS_PER_DAY;
  }
  return { hours, numbers };
}

/** The index of the first of some ascending times that is not before `time`. */
export function firstFrom(times, time) {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The indices [from, to) of ascending times between two times, both included. */
export function between(times, low, high) {
  return [firstFrom(times, low), firstFrom(times, high + 1e-9)];
}

/** The points whose x lies in [low, high] and whose y is a number; with `numbers`, those of which `keep(number)` holds. */
export function select(x, y, low, high, numbers = null, keep = null) {
  const found = { x: new Float64Array(x.length), y: new Float64Array(x.length) };
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (!(x[i] >= low && x[i] <= high) || y[i] !== y[i] || (keep && !keep(numbers[i]))) continue;
    found.x[count] = x[i];
    found.y[count++] = y[i];
  }
  return { x: found.x.subarray(0, count), y: found.y.subarray(0, count) };
}

/** Medians of y in equal bins of x from `low` to `high`; empty bins are left out. */
export function binMedians(x, y, low, high, bins) {
  const width = (high - low) / bins, binOf = new Int32Array(x.length), ends = new Int32Array(bins + 1);
  for (let i = 0; i < x.length; i++) {
    const bin = Math.floor((x[i] - low) / width);
    binOf[i] = bin >= 0 && bin < bins && y[i] === y[i] ? bin : -1;
    if (binOf[i] >= 0) ends[bin + 1]++;
  }
  for (let bin = 0; bin < bins; bin++) ends[bin + 1] += ends[bin];
  const sorted = new Float64Array(ends[bins]), next = ends.slice();
  for (let i = 0; i < x.length; i++) if (binOf[i] >= 0) sorted[next[binOf[i]]++] = y[i];
  const found = { x: [], y: [] };
  for (let bin = 0; bin < bins; bin++) {
    if (ends[bin] === ends[bin + 1]) continue;
    found.x.push(low + (bin + 0.5) * width);
    found.y.push(median(sorted.subarray(ends[bin], ends[bin + 1])));
  }
  return found;
}

export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Limits that hold all values but the outermost percent on each side, with a margin; of many values, a sample. */
export function frame(values, outside = 0.5, most = 4000) {
  const step = Math.max(1, Math.floor(values.length / most)), sample = [];
  for (let i = 0; i < values.length; i += step) if (Number.isFinite(values[i])) sample.push(values[i]);
  if (!sample.length) return [0.99, 1.01];
  const sorted = Float64Array.from(sample).sort();
  const at = (percent) => sorted[Math.round((percent / 100) * (sorted.length - 1))];
  const bottom = at(outside), top = at(100 - outside), room = Math.max((top - bottom) * 0.2, 1e-5);
  return [bottom - 1.4 * room, top + room];
}

/** A range made `factor` times as wide about a point, and kept within limits. */
export function zoomed([low, high], factor, about, limits, least) {
  const width = Math.min(Math.max((high - low) * factor, least), limits[1] - limits[0]);
  const share = (about - low) / (high - low || 1);
  return within([about - share * width, about + (1 - share) * width], limits);
}

/** A range moved, as wide as it is, into limits. */
export function within([low, high], [first, last]) {
  const width = Math.min(high - low, last - first);
  const start = Math.min(Math.max(low, first), last - width);
  return [start, start + width];
}

/** A range of time widened to half its width on each side, on a grid: neighbouring ranges ask for the same. */
export function onGrid(low, high) {
  const step = 2 ** Math.ceil(Math.log2(Math.max(high - low, 1 / 64) / 2));
  return [Math.floor((low - (high - low) / 4) / step) * step, Math.ceil((high + (high - low) / 4) / step) * step];
}
