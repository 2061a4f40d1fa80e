"""Classify what was measured in a light curve, and say where the network's probabilities carry little weight."""

from app_tess.errors import AppTessError


def judge(measured, tmag):
    """Return (judgement, None), or (None, the reason why the network cannot classify the report)."""
    from app_tess.scoring.light_curve_model.classify import classify

    try:
        scalars = (measured.scalars or {}) | {"tmag": tmag}
        judgement = classify(measured.views, scalars, tic_id=measured.tic_id)
    except AppTessError as error:
        return None, str(error)
    cautions = [caution for caution in (judgement["caution"], *measured.cautions, _fold_caution(measured)) if caution]
    return judgement | {"caution": " ".join(cautions) or None}, None


def _fold_caution(measured):
    """Return a sentence where the views are not folded on the catalogue's ephemeris, as those of the training data."""
    used = measured.ephemeris_used
    if used is None or (used.used == used.catalogue and not used.deviations):
        return None
    how = "the measured transit times" if used.deviations else "the ephemeris refined here"
    if used.status == "catalogue" and not used.deviations:
        how = "the catalogue's ephemeris with the duration fitted here"
    return f"The views are folded on {how}; those of the training data were folded on the catalogue's ephemerides."
