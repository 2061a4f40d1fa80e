"""Published planets by the NASA Exoplanet Archive, and which of them a TOI is: the same star and the same period."""

from urllib.parse import urlparse

from app_tess.archives import exoplanet_archive
from app_tess.errors import ArchiveError
from app_tess.storage.planets import read_planets

SAME_PERIOD = 0.002
"""Relative: published periods and those of the TOI table differ by less (0.1 % for the shortest time spans), and no
two planets of a star are that close."""

ALIASES = (1 / 3, 1 / 2, 2, 3)
"""Ratios of a period in the TOI table to the true one, where a part of the transits was missed or one too many seen."""


def fetch_and_match(config, session, tois, report):
    """Fetch the published planets and name the TOIs after them.

    The archive is optional: where it fails, the planets of the previous update are used.

    Returns
    -------
    planets : pandas.DataFrame
        See `name_tois`.
    problem : str
        A sentence; empty where the archive answered.
    """
    host = urlparse(config.planets_url).netloc
    report(1, 1, f"asking {host} for the published planets")
    try:
        planets, problem = exoplanet_archive.fetch_planets(config.planets_url, session), ""
    except ArchiveError as error:
        planets = read_planets()
        problem = f"Names of planets are those of the previous update, because: {error}"
    return name_tois(tois, planets), problem


def name_tois(tois, planets):
    """Match TOIs and planets.

    A TOI without a period, or listed at half, a third, twice or three times the period, is a planet only where no other
    choice is left: it is the only confirmed or known TOI of its star without a match, and the planet is the only one.

    Parameters
    ----------
    tois : pandas.DataFrame
        With `toi`, `tic_id`, `period_d`, `tfopwg_disposition` and `planet_name`. The names of matched TOIs are filled
        in; a name by ExoFOP stays where there is no match.
    planets : pandas.DataFrame
        As `exoplanet_archive.parse_planets` returns them.

    Returns
    -------
    pandas.DataFrame
        All planets with their `toi`; None for a planet that is no TOI, and of a star without one.
    """
    named = planets.reset_index(drop=True)
    here = named[named["tic_id"].isin(set(tois["tic_id"]))]
    of_star = dict(iter(tois[tois["tic_id"].isin(set(here["tic_id"]))].groupby("tic_id")))
    found: dict[int, str] = {}
    for tic_id, group in here.groupby("tic_id"):
        found |= _match(of_star[tic_id], group)
    named["toi"] = [found.get(index) for index in named.index]
    names = {toi: named.at[index, "planet_name"] for index, toi in found.items()}
    matched = tois["toi"].map(names)
    tois["planet_name"] = matched.where(matched.notna(), tois["planet_name"])
    return named


def _match(tois, planets):
    """Return index of the planet -> TOI, for one star."""
    tois = tois.assign(period_d=tois["period_d"].astype(float))
    pairs = sorted(
        (abs(period_d / planet.period_d - 1), planet.Index, toi)
        for planet in planets.itertuples()
        if planet.period_d
        for toi, period_d in zip(tois["toi"], tois["period_d"], strict=True)
        if abs(period_d / planet.period_d - 1) < SAME_PERIOD
    )
    found: dict[int, str] = {}
    for _, index, toi in pairs:
        if index not in found and toi not in found.values():
            found[index] = toi
    left = [index for index in planets.index if index not in found]
    confirmed = tois.loc[tois["tfopwg_disposition"].isin(["CP", "KP"]) & ~tois["toi"].isin(list(found.values())), "toi"]
    if len(left) == len(confirmed) == 1 and _may_be(tois.loc[confirmed.index[0]], planets.loc[left[0]]):
        found[left[0]] = confirmed.iloc[0]
    return found


def _may_be(toi, planet):
    if not planet["period_d"] or not toi["period_d"] > 0:
        return True
    ratio = toi["period_d"] / planet["period_d"]
    return any(abs(ratio / alias - 1) < SAME_PERIOD for alias in ALIASES)
