"""Whether a new TOI table, or new TIC rows, can be an update of the stored catalogue: what no update does is refused.

The limits lie far above the largest changes between any two of nine real tables from 2019-11 to 2025-10: no TOI moved
to another star, 0.1 % withdrawn, 10 % of the values of a column lost, 27 % changed by more than the factor of their
column, 22 % of the dispositions and 2 % of the transit times changed, 0.6 % of the planets no longer planets, and 0.3 %
of the false positives now planets.
"""

import numpy as np

from app_tess.astro.dispositions import NOT_PLANETS, PLANETS
from app_tess.errors import ArchiveError
from app_tess.fields import STAR_FIELDS, TEXTS, TOI_FIELDS, units
from app_tess.storage import catalogue
from app_tess.storage.models import Star, Toi

FEWEST_TOIS = 20
"""Shares of fewer TOIs say nothing."""
LARGEST_RETIRED, LARGEST_MOVED, LARGEST_LOST, LARGEST_CHANGED = 0.1, 0.05, 0.3, 0.5
"""Shares of the stored TOIs: no longer listed, with another star, without a value they had, with another value."""
FACTOR = 1.3
FACTORS = {"period_d": 1.01, "insolation_earth": 2.0, "teff_k": 1.02, "logg": 1.1, "tmag": 1.05}
"""A number that has changed by more than this factor: periods and magnitudes hardly change, radii are revised."""
LARGEST_REVERSED = 0.1
"""Share of the planets that are none any more, and of the false positives that are planets now."""
OFFSET_DEG = 0.1
"""A position that has moved by more than this [deg]."""
SAME_PERIOD = 1e-4
"""Relative: of two equal periods, transits are compared at the old epoch."""
LATE_PHASE = 0.1
"""A transit that comes earlier or later by more than this part of the period."""
COMPARED = [field for field in TOI_FIELDS if field.exoplanet_archive and field.name not in ("toi", "tic_id")]
"""What both archives give for a TOI; others may come and go."""
COMPARED_OF_STARS = [field for field in STAR_FIELDS if field.name != "tic_id"]
FEWEST_TOIS_AT_FIRST = 100
SMALLEST_FILLED = {"period_d": 0.5, "epoch_btjd": 0.5, "tfopwg_disposition": 0.1}
"""Shares of TOIs that have a value in a first load of many; 98 %, 100 % and 33 % in the table of 2019-11."""


def refuse_implausible(new, is_update, host):
    """Raise ArchiveError, which names the host, where a table cannot be an update of the stored catalogue.

    Parameters
    ----------
    new : pandas.DataFrame
        One row per TOI, under our names.
    is_update : bool
        Otherwise it is a first load, and only a table that is mostly blank is refused.
    host : str
    """
    stored = catalogue.read_columns(Toi.toi, ["tic_id", *(field.name for field in COMPARED)]) if is_update else {}
    _refuse(
        "an implausible TOI table", find_problems(new, _frame(stored, "toi")) if is_update else find_blanks(new), host
    )


def refuse_implausible_stars(new, host):
    """Raise ArchiveError, which names the host, where TIC rows cannot be an update of the stored ones.

    Parameters
    ----------
    new : pandas.DataFrame
        One row per star, under our names.
    host : str
    """
    stored = _frame(catalogue.read_columns(Star.tic_id, [field.name for field in COMPARED_OF_STARS]), "tic_id")
    _refuse("implausible TIC rows", find_star_problems(new, stored), host)


def _refuse(what, problems, host):
    if problems:
        raise ArchiveError(
            f"{host} sent {what}: {'; '.join(problems)}. The current catalogue stays. To load them all the same, "
            "start the update again and accept an implausible table (on the command line: --force)."
        )


def _frame(rows, key):
    import pandas as pd

    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(key).reset_index()


def find_blanks(new):
    """Return which columns of a first table are almost empty, a phrase each."""
    if len(new) < FEWEST_TOIS_AT_FIRST:
        return []
    labels = {field.name: field.label for field in COMPARED}
    return [
        f"only {new[name].notna().sum():,} of {len(new):,} TOIs have a value of the {labels[name]}"
        for name, share in SMALLEST_FILLED.items()
        if new[name].notna().sum() < share * len(new)
    ]


def find_problems(new, stored):
    """Return what is implausible about a new table in comparison with the stored one, a phrase each.

    Parameters
    ----------
    new, stored : pandas.DataFrame
        One row per TOI, under our names.
    """
    if len(stored) < FEWEST_TOIS:
        return []
    new, stored = new.set_index("toi"), stored.set_index("toi")
    common = stored.index.intersection(new.index)
    problems = _too_many("TOIs are no longer listed", len(stored) - len(common), len(stored), LARGEST_RETIRED)
    new, stored = new.loc[common], stored.loc[common]
    moved = (new["tic_id"].astype("int64") != stored["tic_id"].astype("int64")).sum()
    problems += _too_many("TOIs belong to another star", moved, len(common), LARGEST_MOVED)
    return (
        problems + _compare(COMPARED, new, stored) + _reversed(stored["tfopwg_disposition"], new["tfopwg_disposition"])
    )


def find_star_problems(new, stored):
    """Return what is implausible about new TIC rows in comparison with the stored ones, a phrase each.

    Parameters
    ----------
    new, stored : pandas.DataFrame
        One row per star, under our names.
    """
    if len(stored) < FEWEST_TOIS:
        return []
    new, stored = new.set_index("tic_id"), stored.set_index("tic_id")
    common = stored.index.intersection(new.index)
    return _compare(COMPARED_OF_STARS, new.loc[common], stored.loc[common])


def _compare(compared, new, stored):
    """Return in which columns too many values are gone or very different, a phrase each; both have these rows."""
    problems = []
    for field in compared:
        before, after = stored[field.name], new[field.name]
        had = before.notna()
        both = had & after.notna()
        if had.sum() >= FEWEST_TOIS:
            lost = had.sum() - both.sum()
            problems += _too_many(f"values of the {field.label} are gone", lost, had.sum(), LARGEST_LOST)
        if both.sum() >= FEWEST_TOIS and field.kind != "date":
            changed = _changed(field, before[both], after[both], stored[both], new[both])
            what = f"values of the {field.label} are very different"
            problems += _too_many(what, changed, both.sum(), LARGEST_CHANGED)
    return problems


def _reversed(before, after):
    """Return whether dispositions that hardly ever change have changed, a phrase each."""
    was_planet, is_planet, was_false = before.isin(PLANETS), after.isin(PLANETS), before.isin(NOT_PLANETS)
    problems = []
    for had, lost, what in (
        (was_planet, was_planet & ~is_planet, "confirmed or known planets are none any more"),
        (was_false, was_false & is_planet, "false positives are planets now"),
    ):
        if had.sum() >= FEWEST_TOIS:
            problems += _too_many(what, lost.sum(), had.sum(), LARGEST_REVERSED)
    return problems


def _too_many(what, count, total, share):
    return [f"{count:,} of {total:,} {what}"] if count > share * total else []


def _changed(field, before, after, stored, new):
    """Return how many values differ by more than an update changes them."""
    if field.kind in TEXTS:
        return (before != after).sum()
    before, after = before.astype(float), after.astype(float)
    if field.unit == units.DEGREE:
        away = (after - before).abs()
        return (np.minimum(away, 360 - away) > OFFSET_DEG).sum()
    if field.name == "epoch_btjd":
        period = stored["period_d"].astype(float)
        same = (new["period_d"].astype(float) / period - 1).abs() < SAME_PERIOD
        cycles = ((after - before) / period)[same]
        # where no period is the same, the periods' own check refuses the table
        return ((cycles - cycles.round()).abs() > LATE_PHASE).sum()
    ratio, factor = (after / before.where(before != 0)).dropna(), FACTORS.get(field.name, FACTOR)
    return (~ratio.between(1 / factor, factor)).sum()
