"""Search for a secondary eclipse, as shown by self-luminous companions and by very hot planets."""

from dataclasses import dataclass, replace

import numpy as np

from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.constants import PPM
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.stitching import StitchedLightCurve
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement

SECONDARY_DEPTH = Quantity(
    "secondary_depth",
    "Secondary: depth",
    "ppm",
    "deepest box of one duration, 1.5 durations or more from transit",
    "Coughlin & Lopez-Morales 2012, AJ 143, 39",
)
SECONDARY_PHASE = Quantity(
    "secondary_phase", "Secondary: phase", "periods", "middle of that box, 0 is the transit", "as its depth"
)
SECONDARY_SIGMA = Quantity(
    "secondary_sigma", "Secondary: significance", "sigma", "depth over error, with red noise", "as its depth"
)

SIGNIFICANT = 5.0
"""Significance [sigma] not expected by chance among the positions searched, up to a few hundred."""

WORTH_MASKING = 4.0
"""Significance [sigma] above which a secondary is masked in flattening and measured again; unmasked, it loses 10 % of
its depth."""

FAINT_SHARE = 0.1
"""Secondary over primary depth above which the companion is a star."""

STEPS_PER_DURATION = 8
"""Positions of the box tried per transit duration."""

SHIFTS = np.linspace(-1, 1, 17) / STEPS_PER_DURATION
"""Offsets [durations] at which the box found by the search is measured."""

MOST_STEPS = 2_000_000
"""Maximum number of positions searched; a period of centuries would fill the memory with empty ones."""

AWAY_DURATIONS = 1.5
"""Distance from mid-transit [durations] from which the search starts, to exclude the wings of the transit."""


@dataclass(frozen=True)
class Secondary:
    """The deepest dip away from transit.

    Parameters
    ----------
    depth, depth_err : float
        Relative depth and its error.
    phase : float
        Orbital phase in [0, 1), 0 at mid-transit.
    sigma : float
        Depth over error.
    places : int
        Number of independent positions searched.
    """

    depth: float
    depth_err: float
    phase: float
    sigma: float
    places: int


def find_secondary(context: VettingContext) -> Secondary | None:
    """Find the deepest dip away from transit.

    A dip above WORTH_MASKING is measured again in a light curve that has been flattened with it masked.

    Returns
    -------
    Secondary or None
        None for a single transit, and where the period leaves no room between transits or too few cadences.
    """
    ephemeris, stitched = context.ephemeris, context.stitched
    if ephemeris.is_single_transit:
        return None
    found = search_box(stitched, ephemeris, context.red_noise)
    if found is None or found.sigma <= WORTH_MASKING:
        return found
    eclipse = replace(ephemeris, epoch_btjd=ephemeris.epoch_btjd + found.phase * ephemeris.require_period())
    return search_box(stitched.flattened_again([ephemeris, eclipse]), ephemeris, context.red_noise)


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure depth, phase and significance of the deepest dip away from transit."""
    quantities = (SECONDARY_DEPTH, SECONDARY_PHASE, SECONDARY_SIGMA)
    found = context.shared(find_secondary)
    if found is None or not context.is_dip_significant:
        why = why_no_secondary(context, found)
        return tuple(quantity.not_measured(why) for quantity in quantities)
    phase_err = context.ephemeris.duration_d / context.ephemeris.require_period() / 4
    depth_finding = _depth_finding(found, context.depth.depth_ppm)
    return (
        SECONDARY_DEPTH.measured(PPM * found.depth, PPM * found.depth_err, depth_finding),
        SECONDARY_PHASE.measured(found.phase, phase_err, _phase_finding(found, phase_err)),
        SECONDARY_SIGMA.measured(found.sigma, 1.0, _sigma_finding(found)),
    )


def why_no_secondary(context: VettingContext, found: Secondary | None) -> str:
    """Return the reason why there is no secondary: none was searched for, or the dip may be the transit itself."""
    if found is not None:
        where = f" ({PPM * found.depth:,.0f} ppm at phase {found.phase:.2f})" if found.sigma >= SIGNIFICANT else ""
        return (
            f"no transit is significant at the times used, so a dip elsewhere{where} may be the transit itself, early"
            " or late, or that of another object"
        )
    if context.ephemeris.is_single_transit:
        return "a single transit has no orbital phase"
    return "the period leaves no room between transits, or is too long"


def _sigma_finding(found: Secondary) -> Finding:
    if found.sigma < SIGNIFICANT:
        return Finding(
            f"No significant secondary eclipse: the deepest of {found.places} positions has {found.sigma:.1f} sigma.",
            False,
        )
    return Finding(
        f"Possible secondary eclipse at phase {found.phase:.2f}, {found.sigma:.1f} sigma: a self-luminous companion, or"
        " thermal emission from a very hot planet.",
        True,
    )


def _depth_finding(found: Secondary, primary_ppm: float) -> Finding:
    value, error = PPM * found.depth, PPM * found.depth_err
    if found.sigma < SIGNIFICANT:
        return Finding(f"Any secondary eclipse is shallower than about {max(value, 0) + 3 * error:,.0f} ppm.", False)
    if value > primary_ppm:
        return Finding("Deeper than the transit: an eclipsing binary, or transits of another object.", True)
    share = value / primary_ppm
    if share > FAINT_SHARE:
        return Finding(f"The secondary has {100 * share:.0f} % of the transit depth: an eclipsing binary.", True)
    return Finding(
        f"The secondary has {100 * share:.1f} % of the transit depth: a faint companion or a very hot planet.", None
    )


def _phase_finding(found: Secondary, error: float) -> Finding:
    if found.sigma < SIGNIFICANT:
        return Finding("Phase of the deepest dip away from transit, which is not significant.", None)
    if abs(found.phase - 0.5) > 3 * max(error, 0.01):
        return Finding(f"At phase {found.phase:.2f}, not 0.5: an eccentric orbit, or transits of another object.", None)
    return Finding("At phase 0.5, as for a circular orbit.", None)


def search_box(stitched: StitchedLightCurve, ephemeris: Ephemeris, red_noise: float = 1.0) -> Secondary | None:
    """Find the most significant dip away from transit, with a box of one transit duration.

    The box is moved over the folded light curve. depth = level - mean in the box, where the level is the median away
    from the transit and from the box. The error is beta sigma sqrt(1/n + 1/n_level), times sqrt(reduced chi2) where the
    depth varies more than that between orbits: an eclipse occurs in every orbit, the edge of a gap in one. Boxes with
    fewer than half of the typical number of cadences are skipped.

    Returns
    -------
    Secondary or None
        None where the period leaves no room between transits, or too few cadences remain.

    References
    ----------
    Kovacs et al. 2002, A&A 391, 369, for the box search; Winn et al. 2008, ApJ 683, 1076, for beta.
    """
    period, duration = ephemeris.require_period(), ephemeris.duration_d
    if not has_room(ephemeris):
        return None
    folded = np.mod(ephemeris.fold(stitched.time_btjd), period)
    away = (folded > AWAY_DURATIONS * duration) & (folded < period - AWAY_DURATIONS * duration)
    if away.sum() < 20:
        return None
    level = float(np.median(stitched.flux[away]))
    bins = int(np.ceil(period / duration * STEPS_PER_DURATION))
    if bins > MOST_STEPS:
        return None
    slot = (folded[away] / period * bins).astype(int).clip(0, bins - 1)
    clipped = np.minimum(stitched.flux[away], level + 5 * stitched.scatter)  # a flare must not hide a dip
    orbit = np.floor((stitched.time_btjd[away] - ephemeris.epoch_btjd) / period).astype(int)
    orbit = np.unique(orbit, return_inverse=True)[1]
    each_n, each_dip = (_box_sums(orbit, slot, weights, bins) for weights in (np.ones(len(slot)), level - clipped))
    n, dip = each_n.sum(axis=0), each_dip.sum(axis=0)
    typical = np.median(n[n > 0])
    usable = n >= max(0.5 * typical, 3)
    if not usable.any():
        return None
    depth = np.where(usable, dip / np.maximum(n, 1), -np.inf)
    error = red_noise * stitched.scatter / np.sqrt(np.maximum(n, 1))
    error *= scatter_excess(each_n, each_dip, np.where(usable, depth, 0), red_noise * stitched.scatter)
    sigma = np.where(usable, depth / error, -np.inf)
    best = int(np.argmax(sigma))
    places = max(int(usable.sum() / STEPS_PER_DURATION), 1)
    distance = (folded[away] / period * bins - best - STEPS_PER_DURATION / 2) / STEPS_PER_DURATION  # [durations]
    shift, box_depth, box_err = _measure_box(distance, clipped, orbit, level, red_noise * stitched.scatter)
    phase = (best + STEPS_PER_DURATION * (0.5 + shift)) / bins
    return Secondary(box_depth, box_err, float(phase % 1.0), box_depth / box_err, places)


def _measure_box(
    distance: FloatArray, flux: FloatArray, orbit: IntArray, level: float, sigma: float
) -> tuple[float, float, float]:
    """Return shift [durations], depth and error of the best box within one step of the one found by the search.

    A box displaced by half a step misses a sixteenth of an eclipse. The level is measured outside the box, because the
    eclipse lowers the median of all cadences.
    """
    beside = np.abs(distance) > 1
    n_level = beside.sum()
    if n_level >= 20:
        level = float(np.median(flux[beside]))
    boxes = [np.abs(distance - shift) <= 0.5 for shift in SHIFTS]
    # maximize the sum: the mean would favor boxes that exclude the ingress or egress of an eclipse
    best = int(np.argmax([(level - flux[box]).sum() for box in boxes]))
    box, dip = boxes[best], level - flux[boxes[best]]
    excess = scatter_excess(*dips_per_orbit(orbit[box], dip), dip.mean(), sigma)[0]
    error = sigma * np.sqrt(1 / box.sum() + 1 / max(n_level, 20)) * excess
    return float(SHIFTS[best]), float(dip.mean()), float(error)


def dips_per_orbit(orbit: IntArray, dip: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the number of cadences and the summed dip of each observed orbit.

    Parameters
    ----------
    orbit, dip : ndarray, shape (N,)
        Number of the orbit, and dip below the level, of each cadence.

    Returns
    -------
    each_n, each_dip : ndarray, shape (orbits, 1)
    """
    row = np.unique(orbit, return_inverse=True)[1]
    each_n, each_dip = (np.bincount(row, weights=weights)[:, None] for weights in (np.ones(len(row)), dip))
    return each_n.astype(float, copy=False), each_dip.astype(float, copy=False)


def has_room(ephemeris: Ephemeris) -> bool:
    """Return True where the period leaves room for a box away from transit."""
    return ephemeris.require_period() >= 2 * (AWAY_DURATIONS + 0.5) * ephemeris.duration_d


def _box_sums(orbit: IntArray, slot: IntArray, weights: FloatArray, bins: int) -> FloatArray:
    """Return the sum of weights in each box of STEPS_PER_DURATION slots, shape (orbits, boxes)."""
    sums = np.bincount(orbit * bins + slot, weights=weights, minlength=(orbit.max() + 1) * bins).reshape(-1, bins)
    running: FloatArray = np.cumsum(np.pad(sums, ((0, 0), (1, 0))), axis=1)
    return running[:, STEPS_PER_DURATION:] - running[:, :-STEPS_PER_DURATION]


def scatter_excess(each_n: FloatArray, each_dip: FloatArray, depth: float | FloatArray, sigma: float) -> FloatArray:
    """Return the ratio of the scatter of a box's depth between orbits to that expected from noise; at least 1.

    Parameters
    ----------
    each_n, each_dip : ndarray, shape (orbits, boxes)
        Number of cadences in each box, and their summed dip below the level.
    depth : float or ndarray, shape (boxes,)
        Mean dip of each box.
    sigma : float
        Noise of one cadence.

    Returns
    -------
    ndarray, shape (boxes,)
    """
    enough = each_n >= 3
    spread = np.where(enough, np.square(each_dip - depth * each_n) / np.maximum(each_n, 1), 0).sum(axis=0)
    excess: FloatArray = np.sqrt(np.maximum(spread / sigma**2 / np.maximum(enough.sum(axis=0) - 1, 1), 1))
    return excess
