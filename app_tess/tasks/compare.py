"""The same fold in the light curves of each pipeline: how deep the transit is in each aperture."""

import dataclasses
from dataclasses import replace

from app_tess.astro.comparison import compare_depths, describe_detrending, measure_pipeline
from app_tess.astro.identifiers import toi_name
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.stitching import stitch
from app_tess.errors import MissingData
from app_tess.storage import stars
from app_tess.tasks.picture_cache import cached_picture, make_picture_provenance
from app_tess.tasks.product_choice import compared_products
from app_tess.tasks.star_files import read_available
from app_tess.tasks.star_signals import ephemeris_of, find_toi, other_ephemerides


def comparison_picture(config, tic_id, toi_id, theme="light", mask="default"):
    """Draw a TOI's fold in the flux of each pipeline that has a light curve of its star.

    Each pipeline's default flux is raw and detrended here; a flux that the pipeline has detrended itself is drawn
    beside it. The provenance has the entry `comparison` with the depths and the findings.

    Raises
    ------
    MissingData
        There is no such star or TOI, or fewer than two pipelines have a light curve of the star.
    NoUsableData
        No light curve covers a transit.
    EphemerisError
        The TOI has no epoch or duration.
    BeingFetched, ArchiveError
        See `star_files.read_available`.
    """
    from app_tess.plots.comparison import render_comparison

    star = stars.get_star(tic_id)
    toi = find_toi(star, toi_id)
    ephemeris = ephemeris_of(toi)
    by_pipeline = compared_products(star, toi)
    if len(by_pipeline) < 2:
        raise MissingData(f"TIC {tic_id} has light curves of one pipeline only: there is nothing to compare.")

    def draw():
        files, left_out = read_available(config, [product for found in by_pipeline.values() for product in found])
        panels, missing = _panels(files, by_pipeline, [ephemeris, *other_ephemerides(star, toi)], mask)
        depths = [depth for depth, _ in panels]
        finding, concern = compare_depths(depths)
        findings = [finding, *describe_detrending(depths)]
        picture = render_comparison(panels, ephemeris, toi_name(toi.toi), finding, theme=theme)
        made_from = make_picture_provenance(
            [(file.filename, file.sha256) for file in files.values()],
            [count for _, stitched in panels if not stitched.flux_type.detrended for count in stitched.counts],
            [*left_out, *missing],
            mask=mask,
            comparison={
                "depths": [dataclasses.asdict(depth) for depth in depths],
                "findings": findings,
                "concern": concern,
            },
        )
        return replace(picture, provenance=made_from)

    return cached_picture(config, comparison_key(toi, by_pipeline, theme, mask), draw)


def comparison_key(toi, by_pipeline, theme, mask="default"):
    """Return what determines the picture, for the cache; `by_pipeline`: see `compared_products`."""
    files = [product.filename for found in by_pipeline.values() for product in found]
    return ("comparison", files, theme, mask, toi.toi, repr(ephemeris_of(toi)))


def _panels(files, by_pipeline, ephemerides, mask):
    """Return (PipelineDepth, light curve) of each flux at the slowest cadence, and a sentence for each that fails."""
    curves = {
        pipeline: [files[product.filename].curve for product in products if product.filename in files]
        for pipeline, products in by_pipeline.items()
    }
    cadence_s = max((curve.cadence_s or 0 for found in curves.values() for curve in found), default=0)
    panels, missing = [], []
    for pipeline, found in curves.items():
        for flux in _fluxes(found):
            try:
                stitched = stitch(found, ephemerides, mask, flux, cadence_s)
                panels.append((measure_pipeline(stitched, ephemerides[0], pipeline), stitched))
            except NoUsableData as error:
                missing.append(f"{pipeline}: {error}")
    if not panels:
        raise NoUsableData(" ".join(missing) or "No light curve could be read.")
    return panels, missing


def _fluxes(curves):
    """Return the names of the fluxes to show of a pipeline: its default, and each that it has detrended itself."""
    if not curves:
        return []
    detrended = (flux for curve in curves for flux, values in curve.fluxes.items() if values.type.detrended)
    first = list(dict.fromkeys(detrended))[:1]
    return [curves[0].default_flux, *first]
