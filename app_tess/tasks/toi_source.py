"""Where an update takes the TOI table from: ExoFOP, or, if it cannot be reached, the NASA Exoplanet Archive's copy."""

from urllib.parse import urlparse

from app_tess.archives import exofop, exoplanet_archive
from app_tess.errors import ArchiveError
from app_tess.storage.catalogue import read_columns
from app_tess.storage.models import Toi


def fetch_toi_table(config, session, report):
    """Fetch the TOI table.

    The copy lacks some of ExoFOP's columns: they keep the values of the stored catalogue. A table that arrives but
    cannot be used is no reason to take the copy.

    Returns
    -------
    table : ToiTable
    stand_in : str
        A sentence that says so if the copy was taken, otherwise empty.

    Raises
    ------
    ArchiveError, ArchiveTimeout
        Neither has a usable table; the message names the host.
    """
    host, other = urlparse(config.exofop_url).netloc, urlparse(config.planets_url).netloc
    report(0, 1, f"asking {host} for the TOI table")
    try:
        response = exofop.download_toi_table(config.exofop_url, session)
    except ArchiveError as error:
        if other == host:
            raise
        failure = error
    else:
        return exofop.read_toi_table(response), ""
    # not while the first error is handled, which would pass for the cause of a second one
    report(0, 1, f"{host} cannot be reached: asking {other} for its TOI table")
    return _fetch_copy(config, session, failure, other)


def _fetch_copy(config, session, error, other):
    try:
        table = exoplanet_archive.fetch_toi_table(config.planets_url, session)
    except ArchiveError as second:
        raise type(error)(f"{error} Nor can the copy of the TOI table be used: {second}") from error
    kept = _keep_columns(table.frame)
    return table, f"{error} The TOI table is the copy of {other}; columns that it lacks keep their values ({kept})."


def _keep_columns(frame):
    """Fill the columns that the copy lacks from the stored catalogue; return their names."""
    names = frame.attrs["absent_columns"]
    stored = read_columns(Toi.toi, names)
    for name in names:
        values = [stored.get(toi, {}).get(name) for toi in frame["toi"]]
        if frame[name].dtype == object:
            frame[name] = values
        else:
            frame[name] = [float("nan") if value is None else value for value in values]
    frame.attrs["absent"] = []
    return ", ".join(names)
