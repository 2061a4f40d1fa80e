"""What a picture was made from, in words: the receipt under it."""

from flask import url_for

from app_tess.tasks.star_files import folded_products


def receipt_sentences(receipt):
    """The sentences of a picture's receipt that are known once it is drawn: fingerprints, cadences, what was left out."""
    return [
        *(f"{file['file']}: sha256 {file['sha256']}" for file in receipt["files"]),
        *map(_cadences, receipt["cadences"]),
        *receipt["left_out"],
        "Drawn with " + ", ".join(f"{name} {number}" for name, number in receipt["versions"].items()) + ".",
    ]


def _cadences(count):
    sector = "" if count["sector"] is None else f"Sector {count['sector']}: "
    return (
        f"{sector}{count['kept']:,} of {count['read']:,} cadences kept; {count['dropped_by_quality']:,} dropped by the quality mask, "
        f"{count['dropped_not_finite']:,} without a value."
    )


def folded_files(detail, light_curves, known):
    """TOI -> the products its fold is made of: those of the receipt, or before it is drawn those that will be asked for."""
    by_name = {product.filename: product for product in light_curves}
    return {
        toi.toi: [by_name[file["file"]] for file in receipt["files"]]
        if (receipt := known.get(("folded", toi.toi)))
        else folded_products(detail, toi)
        for toi in detail.tois
    }


def receipt_url(tic_id, what):
    """Where a picture's receipt is, by its name in `tasks.pictures.known_receipts`."""
    kind, name, *event = what
    if kind == "sector":
        return url_for("light_curves.sector_receipt", tic_id=tic_id, filename=name)
    if kind == "folded":
        return url_for("light_curves.folded_receipt", tic_id=tic_id, toi=name)
    return url_for("light_curves.validation_receipt", tic_id=tic_id, filename=name, event=event[0])
