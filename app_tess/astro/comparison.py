"""The depth of a transit by pipeline: one that differs between apertures reveals a blend.

References
----------
Bryson et al. 2013, PASP 125, 889: false positives from background stars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import hypot

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.stitching import StitchedLightCurve
from app_tess.astro.vetting.context import VettingContext

SIGNIFICANT = 3.0
"""Difference of two depths over its error above which they count as different."""

SYSTEMATIC = 0.05
"""Relative error of each pair of depths, from the pipelines' own estimates of background and crowding."""


@dataclass(frozen=True)
class PipelineDepth:
    """The depth of a transit in one flux of one pipeline.

    Attributes
    ----------
    pipeline, flux : str
        For readers: TESS-SPOC and PDCSAP.
    depth_ppm, depth_err_ppm : float
        With red noise [ppm].
    transits : int
    sectors : tuple of int
    crowding_corrected, detrended : bool
        Of the flux, as the pipeline publishes it.
    """

    pipeline: str
    flux: str
    depth_ppm: float
    depth_err_ppm: float
    transits: int
    sectors: tuple[int, ...]
    crowding_corrected: bool
    detrended: bool

    @property
    def name(self) -> str:
        """Pipeline and flux for readers: "QLP SAP" and so on."""
        return self.flux if self.flux.startswith(self.pipeline) else f"{self.pipeline} {self.flux}"


def measure_pipeline(stitched: StitchedLightCurve, ephemeris: Ephemeris, pipeline: str) -> PipelineDepth:
    """Measure the depth of a transit in one light curve; see `folding.measure_depth` for what it raises.

    Depths are comparable only at a common cadence, because long exposures round a transit off: see `stitch`.
    """
    context = VettingContext(stitched, ephemeris)
    flux = stitched.flux_type
    return PipelineDepth(
        pipeline,
        flux.label,
        context.depth.depth_ppm,
        context.depth_err_ppm,
        context.depth.transits,
        tuple(stitched.sectors),
        flux.crowding_corrected,
        flux.detrended,
    )


def compare_depths(depths: Sequence[PipelineDepth]) -> tuple[str, bool | None]:
    """Return a finding on whether the depth differs between apertures, and whether that is a red flag.

    Fluxes that a pipeline has detrended are left out, because detrending changes the depth as well; None where fewer
    than two depths can be compared.
    """
    raw = [depth for depth in depths if not depth.detrended]
    if len(raw) < 2:
        return "The depth is measured in one aperture only, so there is nothing to compare it with.", None
    one, other = max(combinations(raw, 2), key=lambda pair: _sigma(*pair))
    deeper, shallower = (one, other) if one.depth_ppm > other.depth_ppm else (other, one)
    sigma = _sigma(one, other)
    what = f"{deeper.name} {_written(deeper)}, {shallower.name} {_written(shallower)}, {sigma:.1f} sigma apart"
    if sigma < SIGNIFICANT:
        return f"The depths agree within 3 sigma ({what}): no sign of a blend.", False
    reason = ""
    if deeper.crowding_corrected and not shallower.crowding_corrected:
        reason = f" {shallower.name} still contains the light of neighbors, which makes a transit shallower."
    elif shallower.crowding_corrected and not deeper.crowding_corrected:
        reason = f" It is deeper in {deeper.name}, which contains the light of neighbors: one of them may be eclipsed."
    return (
        f"The depth differs between apertures ({what}): a sign of a blend. A neighbor dilutes the transit, or is its"
        f" source.{reason}",
        True,
    )


def describe_detrending(depths: Sequence[PipelineDepth]) -> list[str]:
    """Return a sentence for each flux that its pipeline has detrended: the depth against that of its raw flux."""
    raw = {depth.pipeline: depth for depth in depths if not depth.detrended}
    return [
        f"In {depth.name}, detrended by {depth.pipeline}, the transit is {_written(depth)} deep,"
        f" {_share(depth, raw[depth.pipeline])} {raw[depth.pipeline].name}, whose trend this site removed"
        f" ({_written(raw[depth.pipeline])})."
        for depth in depths
        if depth.detrended and depth.pipeline in raw
    ]


def _sigma(one: PipelineDepth, other: PipelineDepth) -> float:
    systematic = SYSTEMATIC * max(one.depth_ppm, other.depth_ppm)
    error = hypot(one.depth_err_ppm, other.depth_err_ppm, systematic)
    return abs(one.depth_ppm - other.depth_ppm) / max(error, 1e-9)


def _written(depth: PipelineDepth) -> str:
    return f"{depth.depth_ppm:,.0f} ± {depth.depth_err_ppm:,.0f} ppm"


def _share(depth: PipelineDepth, raw: PipelineDepth) -> str:
    if raw.depth_ppm <= 0:
        return "where no dip is seen in"
    percent = 100 * (depth.depth_ppm / raw.depth_ppm - 1)
    return f"{abs(percent):.0f} % {'shallower' if percent < 0 else 'deeper'} than in"
