"""Pictures of a vetted TOI, drawn from the stored result and the files in its provenance."""

from dataclasses import replace

from app_tess.astro.identifiers import toi_name
from app_tess.astro.stitching import stitch
from app_tess.astro.timed_ephemeris import TimedEphemeris
from app_tess.astro.vetting.report import VettingReport
from app_tess.errors import MissingData
from app_tess.storage import stars, vetting_results
from app_tess.tasks.picture_cache import cached_picture, make_picture_provenance
from app_tess.tasks.product_choice import find_product
from app_tess.tasks.star_files import read_each
from app_tess.tasks.star_signals import find_toi, other_ephemerides


def vetting_picture(config, tic_id, toi_id, theme="light"):
    """Draw the panel of a vetted TOI: light curve, network inputs, odd and even transits, secondary, each transit.

    It is drawn from the stored result and the files in its provenance, so that it agrees with the table beside it.

    Raises
    ------
    MissingData
        It was not vetted or not measured, or a file in its provenance is gone or has changed; the message says which.
    """
    from app_tess.plots.vetting import render_vetting

    detail, toi, stored = _find_stored(tic_id, toi_id)

    def draw():
        measured, stitched = _measured(config, detail, toi, stored)
        judgement = stored.report["judgement"]
        return render_vetting(stitched, measured.ephemeris, measured, judgement, theme=theme)

    return cached_picture(config, ("vetting", toi.toi, theme, stored.measured_at.isoformat()), draw)


def measured_fold_picture(config, tic_id, toi_id, theme="light", mask="default", flux=None):
    """Draw a vetted TOI folded on its measured transit times: each transit's where they scatter, else refined ones.

    Raises
    ------
    MissingData
        As for `vetting_picture`.
    """
    from app_tess.plots.folded import render_folded

    detail, toi, stored = _find_stored(tic_id, toi_id)

    def draw():
        measured, stitched = _measured(config, detail, toi, stored, mask, flux)
        ephemeris = measured.ephemeris
        status = "" if measured.ephemeris_used is None else measured.ephemeris_used.status
        how = "with the ephemeris refined here" if status == "refined" else "with the catalogue's ephemeris, confirmed"
        if isinstance(ephemeris, TimedEphemeris):
            how = f"aligned on {len(ephemeris.deviations)} measured mid-times"
        picture = render_folded(stitched, ephemeris, toi_name(toi.toi), toi.depth_ppm, how=how, theme=theme)
        files = [(file["file"], file["sha256"]) for file in stored.provenance["files"]]
        made_from = make_picture_provenance(
            files,
            stitched.counts,
            stitched.left_out,
            mask=mask,
            flux=stitched.flux_type.name,
            window_d=stitched.window_d,
        )
        return replace(picture, provenance=made_from)

    key = ("measured fold", toi.toi, theme, mask, flux, toi.depth_ppm, stored.measured_at.isoformat())
    return cached_picture(config, key, draw)


def _find_stored(tic_id, toi_id):
    """Return the star, the TOI and its stored result; MissingData where it was not vetted or not measured."""
    detail = stars.get_star(tic_id)
    toi = find_toi(detail, toi_id)
    stored = vetting_results.results_of_star(tic_id).get(toi.toi)
    if stored is None:
        raise MissingData(f"{toi_name(toi.toi)} has not been vetted yet.")
    if stored.report is None:
        raise MissingData(stored.message or f"{toi_name(toi.toi)} could not be measured.")
    return detail, toi, stored


def _measured(config, detail, toi, stored, mask=None, flux=None):
    """Return the stored report and the light curve, flattened with the transits masked where they were measured."""
    measured = VettingReport.from_dict(stored.report)
    noted = stored.provenance["files"]
    files = read_each(config, [find_product(detail, file["file"]) for file in noted])
    curves = [_unchanged(file, before["sha256"]) for file, before in zip(files, noted, strict=True)]
    others = measured.other_ephemerides
    if others is None:  # of a result made before 0.3
        others = other_ephemerides(detail, toi)
    mask, flux = mask or stored.provenance.get("mask", "default"), flux or stored.provenance["flux"]
    return measured, stitch(curves, [measured.ephemeris, *others], mask, flux)


def _unchanged(file, sha256):
    if file.sha256 != sha256:
        raise MissingData(f"{file.filename} has changed since it was vetted: vet the star again.")
    return file.curve
