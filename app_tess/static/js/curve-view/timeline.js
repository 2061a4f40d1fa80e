// The axis of time of several sectors: the gaps between them, often of years, are drawn one day wide.

const GAP_D = 1;
const STEPS = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

export class Timeline {
  /** `parts`: the first and last time of each sector, [start, stop] in days, ascending and apart. */
  constructor(parts) {
    this.parts = [];
    for (const [start, stop] of parts) {
      const before = this.parts.at(-1);
      // places on the axis are times minus `shift`; of a single sector they are its times
      this.parts.push({ start, stop, shift: before ? start - (before.stop - before.shift) - GAP_D : 0 });
    }
    const last = this.parts.at(-1);
    const margin = 0.01 * (last.stop - last.shift - parts[0][0]);
    this.limits = [parts[0][0] - margin, last.stop - last.shift + margin];
  }

  /** The sector that holds a place on the axis, or the nearest one. */
  partAt(place) {
    const distance = (part) => Math.max(part.start - part.shift - place, place - (part.stop - part.shift), 0);
    return this.parts.reduce((best, part) => (distance(part) < distance(best) ? part : best));
  }

  timeOf(place) {
    const part = this.partAt(place);
    return place + part.shift;
  }

  placeOf(time) {
    const distance = (part) => Math.max(part.start - time, time - part.stop, 0);
    return time - this.parts.reduce((best, part) => (distance(part) < distance(best) ? part : best)).shift;
  }

  /** Places for labels in a range, at round times of each sector, some `most` of them. */
  ticks(low, high, most) {
    const step = STEPS.find((one) => (high - low) / one <= most) ?? STEPS.at(-1);
    const places = [];
    for (const { start, stop, shift } of this.parts) {
      const first = Math.max(start, low + shift), last = Math.min(stop, high + shift);
      const before = places.length;
      for (let n = Math.ceil(first / step); n * step <= last; n++) places.push(n * step - shift);
      if (places.length === before && last > first && this.parts.length > 1) places.push(Math.round((first + last) / 2) - shift);
    }
    return places;
  }

  /** A label for each place, with the digits that tell neighbours apart. */
  labels(places) {
    const steps = places.slice(1).map((place, i) => place - places[i]).filter((step) => step > 0);
    const digits = steps.length ? Math.max(0, Math.ceil(-Math.log10(Math.min(...steps)) - 1e-9)) : 1;
    return places.map((place) => this.timeOf(place).toFixed(Math.min(digits, 5)));
  }
}
