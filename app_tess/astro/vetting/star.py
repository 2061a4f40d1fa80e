"""Vet all objects of a star together: locate their transits, deepest first, then measure each without the others'."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import require_noise
from app_tess.astro.light_curve import LightCurve
from app_tess.astro.stitching import StitchedLightCurve, stitch
from app_tess.astro.vetting.locate import locate
from app_tess.astro.vetting.located import CATALOGUE, Located
from app_tess.astro.vetting.measure import measure
from app_tess.astro.vetting.other_objects import without_others
from app_tess.astro.vetting.report import VettingReport
from app_tess.errors import AppTessError


@dataclass(frozen=True)
class Target:
    """An object to vet: its name, and the catalogue's ephemeris and depth [ppm]."""

    label: str
    ephemeris: Ephemeris
    depth_ppm: float | None = None


@dataclass(frozen=True, eq=False)
class Vetted:
    """The report on a target, or the reason why there is none, and the light curve as far as it could be made."""

    target: Target
    report: VettingReport | None
    refusal: AppTessError | None
    stitched: StitchedLightCurve | None


def vet_star(
    light_curves: Sequence[LightCurve],
    targets: Sequence[Target],
    mask: str = "default",
    flux: str | None = None,
    *,
    known: Sequence[Target] = (),
    stellar_radius_rsun: float | None = None,
    density_solar: float | None = None,
    progress: Callable[[Target], None] = lambda target: None,
) -> list[Vetted]:
    """Vet all objects of a star.

    Parameters
    ----------
    light_curves : sequence of LightCurve
    targets : sequence of Target
    mask, flux : str
        As for `stitching.stitch`.
    known : sequence of Target
        Other objects of the star, which are located but not measured.
    stellar_radius_rsun, density_solar : float, optional
        As for `measure.measure`.
    progress : callable
        Called with each target before it is measured.

    Returns
    -------
    list of Vetted
        In the order of `targets`.
    """
    everything = [*targets, *known]
    predicted = [target.ephemeris for target in everything]
    try:
        stitched = stitch(light_curves, predicted, mask, flux)
        require_noise(stitched)
        located = locate_all(stitched, everything)
        if any(where.ephemeris != where.catalogue for where in located):
            stitched = stitch(light_curves, [where.ephemeris for where in located], mask, flux)
    except AppTessError as refusal:
        return [Vetted(target, None, refusal, None) for target in targets]
    vetted = []
    for number, target in enumerate(targets):
        progress(target)
        others = [where.ephemeris for i, where in enumerate(located) if i != number]
        try:
            report = measure(
                stitched,
                located[number].ephemeris,
                target.label,
                others=others,
                stellar_radius_rsun=stellar_radius_rsun,
                density_solar=density_solar,
                located=located[number],
            )
        except AppTessError as refusal:
            vetted.append(Vetted(target, None, refusal, stitched))
        else:
            vetted.append(Vetted(target, report, None, stitched))
    return vetted


def locate_all(stitched: StitchedLightCurve, targets: Sequence[Target]) -> list[Located]:
    """Locate the transits of all targets, the deepest first, each without the transits of the others."""
    found: dict[int, Located] = {}
    order = sorted(range(len(targets)), key=lambda number: -(targets[number].depth_ppm or 0.0))
    for number in order:
        target = targets[number]
        others = [
            found[i].ephemeris if i in found else other.ephemeris for i, other in enumerate(targets) if i != number
        ]
        if not target.ephemeris.has_duration:
            found[number] = Located(target.ephemeris, target.ephemeris, CATALOGUE)
            continue
        curve, _ = without_others(stitched, target.ephemeris, others)
        found[number] = locate(curve, target.ephemeris, target.depth_ppm)
    return [found[number] for number in range(len(targets))]
