"""Where a picture's provenance is, and which files a fold is made from."""

from flask import url_for

from app_tess.tasks.product_choice import folded_products


def folded_files(detail, light_curves, known, kind=None):
    """Return TOI -> the products of its fold: those in its provenance or, before it is drawn, those tried first."""
    by_name = {product.filename: product for product in light_curves}
    return {
        toi.toi: [by_name[file["file"]] for file in provenance["files"]]
        if (provenance := known.get(("folded", toi.toi)))
        else folded_products(detail, toi, kind)
        for toi in detail.tois
    }


def provenance_url(tic_id, what, kind=None, flux=None):
    """Return the address of a picture's provenance, by its key in `tasks.pictures.known_provenance`."""
    picture, name, *event = what
    if picture == "sector":
        return url_for("light_curves.sector_provenance", tic_id=tic_id, filename=name, flux=flux)
    if picture == "folded":
        return url_for("light_curves.folded_provenance", tic_id=tic_id, toi=name, kind=kind, flux=flux)
    if picture == "comparison":
        return url_for("light_curves.comparison_provenance", tic_id=tic_id, toi=name)
    return url_for("light_curves.validation_provenance", tic_id=tic_id, filename=name, event=event[0])
