"""Search one star: up to three periodic signals, each masked before the next is looked for, then single transits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import require_noise
from app_tess.astro.light_curve import LightCurve, NoUsableData
from app_tess.astro.quality import DESATURATION
from app_tess.astro.search.box_fit import Box
from app_tess.astro.search.candidate import strongest
from app_tess.astro.search.eclipses import find_eclipses
from app_tess.astro.search.measure_signal import measure_periodic, measure_single
from app_tess.astro.search.periodogram import (
    COARSE_LOSS,
    Periodogram,
    compute_periodogram,
    longest_period_d,
    needs_coarse_grid,
)
from app_tess.astro.search.signal import DEFAULT_SETTINGS, Settings, Signal
from app_tess.astro.search.single_transits import find_deepest
from app_tess.astro.search.support import events_to_drop
from app_tess.astro.search.weighted_dips import WeightedDips, weigh
from app_tess.astro.stitching import StitchedLightCurve, stitch

WINDOW_D, SINGLE_WINDOW_D = 1.0, 2.0
"""Windows of the trend for periodic signals and single transits [d]: no transit can be masked, and it follows those
longer than a third of its window."""

MASKED_DURATIONS = 2.0
"""Full width that is removed of a signal already detected [durations]."""

MOST_PASSES = 7
"""Periodograms computed at most: each detection and each false one removed needs another."""

NEARLY = 0.9
"""Share of the threshold from which a peak is examined: its significance changes a little at full cadence."""

LEAST_CADENCES, LEAST_SPAN_D = 100, 1.0
"""Fewest cadences, and shortest time span [d], that are searched."""

LITTLE_DATA = 0.4
"""Share of the time span with data below which the result says how far periods were searched."""

SHORT_SPAN_D = 10.0
"""Time span below which the result says how short it is [d]."""


@dataclass(frozen=True, eq=False)
class SearchResult:
    """What was found in a star's light curves.

    Attributes
    ----------
    stitched : StitchedLightCurve
        The light curve that was searched, without the known signals' transits if these were masked.
    periodogram : Periodogram
        Of the first search.
    signals : tuple of Signal
        Periodic ones in order of detection, then single transits.
    rejected : tuple of str
        A sentence for each peak above the thresholds that is no signal.
    notes : tuple of str
        Sentences on what limits the search.
    settings : Settings
    """

    stitched: StitchedLightCurve
    periodogram: Periodogram
    signals: tuple[Signal, ...]
    rejected: tuple[str, ...]
    notes: tuple[str, ...]
    settings: Settings


def search_star(
    light_curves: Sequence[LightCurve],
    known: Sequence[Ephemeris] = (),
    mask: str = "default",
    flux: str | None = None,
    *,
    settings: Settings = DEFAULT_SETTINGS,
    progress: Callable[[str], None] = lambda doing: None,
) -> SearchResult:
    """Search the light curves of one star.

    Parameters
    ----------
    light_curves : sequence of LightCurve
    known : sequence of Ephemeris
        Signals whose transits are removed before the search; one without a duration removes nothing.
    mask, flux : str
        As for `stitching.stitch`.
    settings : Settings
    progress : callable
        Called with what is being done, in words.

    Raises
    ------
    NoUsableData
        There is no usable cadence, or too few of them to search.
    InvalidInput
        The files belong to different stars, or a name is unknown.
    """
    stitched = stitch(light_curves, known, mask, flux)
    require_noise(stitched)
    eclipses = find_eclipses(stitched, WINDOW_D, settings.shortest_period_d)
    if eclipses:
        stitched = stitch(light_curves, [*known, *eclipses], mask, flux)
    stitched = _without(stitched.flattened_again([*known, *eclipses], WINDOW_D), known)
    _require_enough(stitched)
    search = _Search(stitched, eclipses, momentum_dumps(light_curves), settings, progress)
    search.find_periodic()
    search.find_single()
    return SearchResult(
        stitched,
        search.first or compute_periodogram(weigh(stitched), 1.0, 1.0),
        tuple(signal.numbered(number) for number, signal in enumerate(search.signals, 1)),
        tuple(search.rejected),
        _limits(stitched),
        settings,
    )


def momentum_dumps(light_curves: Sequence[LightCurve]) -> FloatArray:
    """Return the times of the cadences with a reaction-wheel desaturation [BTJD d], ascending.

    Only of light curves whose quality column has the mission's bits.
    """
    found = [
        light_curve.time_btjd[(light_curve.quality & DESATURATION.value) != 0]
        for light_curve in light_curves
        if any(DESATURATION in mask.bits for mask in light_curve.quality_masks.values())
    ]
    times = np.concatenate(found) if found else np.zeros(0)
    return np.sort(times[np.isfinite(times)])


def _without(stitched: StitchedLightCurve, ephemerides: Sequence[Ephemeris]) -> StitchedLightCurve:
    """Return the light curve without the transits of these objects."""
    keep = np.ones(len(stitched.time_btjd), bool)
    for ephemeris in ephemerides:
        if ephemeris.has_duration:
            keep &= ~ephemeris.in_transit(stitched.time_btjd, MASKED_DURATIONS)
    if not keep.any():
        raise NoUsableData(f"TIC {stitched.tic_id}: every cadence lies in a transit of a known signal.")
    return stitched if keep.all() else stitched.where(keep)


def _require_enough(stitched: StitchedLightCurve) -> None:
    if len(stitched.time_btjd) < LEAST_CADENCES or stitched.span_d < LEAST_SPAN_D:
        raise NoUsableData(
            f"TIC {stitched.tic_id}: {len(stitched.time_btjd):,} usable cadences over {stitched.span_d:.2f} d are too"
            f" few to search for transits; {LEAST_CADENCES} over {LEAST_SPAN_D:g} d are needed."
        )


def _limits(stitched: StitchedLightCurve) -> tuple[str, ...]:
    """Return sentences on what limits the search."""
    notes = []
    if stitched.span_d < SHORT_SPAN_D:
        notes.append(
            f"The light curve covers only {stitched.span_d:.1f} d, so periodic signals were searched up to"
            f" {stitched.span_d / 2:.1f} d only."
        )
    longest = longest_period_d(stitched.time_btjd)
    if longest < LITTLE_DATA * stitched.span_d:
        notes.append(
            f"The data cover {longest:.0f} of {stitched.span_d:,.0f} d, so periodic signals were searched up to"
            f" {longest:.0f} d only; a planet of a longer period is looked for as single transits."
        )
    if needs_coarse_grid(stitched.span_d, longest):
        notes.append(
            "The time span is so long that the periods were searched on a grid half as fine, which costs a transit"
            f" about {100 * COARSE_LOSS:.0f} % of its significance on average."
        )
    if stitched.excess_scatter > 2:
        notes.append(
            f"The light curve scatters {stitched.excess_scatter:.1f} times as much as the point-to-point noise after"
            " detrending, so the search is less sensitive than the noise suggests."
        )
    if stitched.detrending.rotation is not None:
        notes.append(
            f"The star varies with a period of {stitched.detrending.rotation.period_d:.3g} d, or a multiple of it; this"
            " variation was removed before the search, and with it any dip that takes up much of the period, as in a"
            " contact binary."
        )
    return tuple(notes)


class _Search:
    """The state of a search: what has been found, and what has been removed."""

    def __init__(
        self,
        stitched: StitchedLightCurve,
        eclipses: list[Ephemeris],
        dumps_btjd: FloatArray,
        settings: Settings,
        progress: Callable[[str], None],
    ) -> None:
        self.stitched, self.eclipses, self.dumps = stitched, eclipses, dumps_btjd
        self.settings, self.progress = settings, progress
        self.signals: list[Signal] = []
        self.rejected: list[str] = []
        self.first: Periodogram | None = None
        self.dropped = np.zeros(len(stitched.time_btjd), bool)

    @property
    def found(self) -> list[Ephemeris]:
        """The ephemerides of the signals found."""
        return [signal.ephemeris for signal in self.signals]

    def _remaining(self, window_d: float) -> StitchedLightCurve:
        """Return the light curve without the signals found, flattened with them masked."""
        curve = self.stitched.flattened_again([*self.found, *self.eclipses], window_d)
        keep = ~self.dropped
        for ephemeris in self.found:
            keep &= ~ephemeris.in_transit(curve.time_btjd, MASKED_DURATIONS)
        return curve.where(keep)

    def find_periodic(self) -> None:
        """Find periodic signals, one in each pass, until nothing exceeds the thresholds."""
        longest = longest_period_d(self.stitched.time_btjd)
        if longest <= self.settings.shortest_period_d:
            return
        for number in range(MOST_PASSES):
            self.progress(f"searching for periodic signals, pass {number + 1}")
            curve = self._remaining(WINDOW_D)
            if len(curve.time_btjd) < LEAST_CADENCES:
                return
            dips = weigh(curve)
            periodogram = compute_periodogram(dips, self.settings.shortest_period_d, longest)
            self.first = self.first or periodogram
            if len(periodogram) == 0 or not self._take_peak(curve, dips, periodogram):
                return
            if len(self.signals) >= self.settings.most_signals:
                return

    def _take_peak(self, curve: StitchedLightCurve, dips: WeightedDips, periodogram: Periodogram) -> bool:
        """Add the highest peak to the signals, or remove what made it; return False if it is below the thresholds."""
        least = self.settings.least_snr
        if periodogram.snr.max() < NEARLY * least:
            return False
        candidate = strongest(curve, dips, periodogram, self.dumps)
        if candidate.snr < NEARLY * least:
            return False
        drop = events_to_drop(candidate.events, least)
        if drop is not None:
            self._drop(drop, candidate.box)
            return True
        if candidate.sde < self.settings.least_sde:
            return False
        signal = measure_periodic(curve, candidate.box, candidate.sde, self.stitched)
        if signal is None or signal.snr < least:
            return False
        self.signals.append(signal)
        return True

    def _drop(self, times: FloatArray, box: Box) -> None:
        self.rejected.append(
            f"A peak at {box.period_d:.5g} d is no periodic signal: it stems from"
            f" {'one dip' if len(times) == 1 else f'{len(times)} dips at edges of gaps or in momentum dumps'},"
            f" near BTJD {times[0]:.2f}."
        )
        for time in times:
            self.dropped |= np.abs(self.stitched.time_btjd - time) < box.duration_d

    def find_single(self) -> None:
        """Find dips that happen once, in the light curve without the periodic signals."""
        self.dropped[:] = False
        curve = self._remaining(SINGLE_WINDOW_D)
        for _ in range(self.settings.most_signals):
            self.progress("searching for single transits")
            if len(curve.time_btjd) < LEAST_CADENCES:
                return
            dip = find_deepest(weigh(curve), self.dumps)
            if dip is None or dip.snr < self.settings.least_single_snr:
                return
            self.signals.append(measure_single(curve, dip))
            kept: BoolArray = np.abs(curve.time_btjd - dip.time_btjd) > dip.duration_d
            curve = replace(curve.where(kept))
