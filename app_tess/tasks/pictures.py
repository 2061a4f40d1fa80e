"""A star's pictures: from the disk cache, or drawn from the archive's files."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from app_tess.archives.products import ValidationKind, find_kind
from app_tess.astro.identifiers import toi_name
from app_tess.astro.light_curve import select_cadences
from app_tess.astro.stitching import stitch
from app_tess.astro.validation import match_event
from app_tess.errors import FileFormatError, MissingData
from app_tess.storage import catalogue, stars
from app_tess.storage.look_ups import product_list_date
from app_tess.tasks.compare import comparison_key
from app_tess.tasks.picture_cache import cached_picture, make_picture_provenance, remembered_provenance
from app_tess.tasks.product_choice import (
    find_product,
    flux_of,
    light_curve_kind,
    light_curve_products,
    why_no_light_curve,
)
from app_tess.tasks.product_files import discard, get_file, is_at_hand
from app_tess.tasks.star_files import read_file, read_newest
from app_tess.tasks.star_signals import ephemeris_of, find_toi, marked_transits, other_ephemerides, why_not_folded

EVENTS_KEPT = 5000
"""Number of files whose events are remembered, about 100 bytes each."""

_events: dict[tuple[object, ...], list[tuple[int, str | None]]] = {}


def sector_picture(config, tic_id, filename, theme="light", mask="default", flux=None):
    """Draw one sector's light curve with the transits of every TOI marked; `flux` is by default that of the kind."""
    from app_tess.plots.light_curve import render_sector

    star = stars.get_star(tic_id)
    product = find_product(star, filename)
    flux = flux or light_curve_kind(product).default_flux.name

    def draw():
        file = read_file(config, product)
        picture = render_sector(file.curve, marked_transits(star), mask=mask, flux=flux, theme=theme)
        _, count = select_cadences(file.curve, mask, flux)
        made_from = make_picture_provenance([(file.filename, file.sha256)], [count], mask=mask, flux=flux)
        return replace(picture, provenance=made_from)

    return cached_picture(config, _sector_key(star, filename, theme, mask, flux), draw)


def folded_picture(config, tic_id, toi_id, theme="light", mask="default", flux=None, kind=None):
    """Draw the star's newest sectors folded on one TOI's ephemeris; `flux` is by default that of each kind.

    `kind` is the name of the only kind of light curve to use; by default the most preferred one of each sector is.
    """
    from app_tess.plots.folded import render_folded

    star = stars.get_star(tic_id)
    toi = find_toi(star, toi_id)
    ephemeris = ephemeris_of(toi)
    if not light_curve_products(star, kind):
        raise MissingData(why_no_light_curve(star, product_list_date(star, catalogue.find_current_load()), kind))

    def draw():
        files, left_out = read_newest(config, star, [toi], kind)
        stitched = stitch([file.curve for file in files], [ephemeris, *other_ephemerides(star, toi)], mask, flux)
        picture = render_folded(stitched, ephemeris, toi_name(toi.toi), toi.depth_ppm, theme=theme)
        return replace(
            picture,
            provenance=make_picture_provenance(
                [(file.filename, file.sha256) for file in files],
                stitched.counts,
                [*left_out, *stitched.left_out],
                mask=mask,
                flux=stitched.flux_type.name,
                window_d=stitched.window_d,
            ),
        )

    return cached_picture(config, _folded_key(star, toi, theme, mask, flux, kind), draw)


def validation_picture(config, tic_id, filename, number, theme="light"):
    """Draw one event of a data-validation file (counted from 1), folded, with its model.

    The event is labeled with the TOI that has its period and epoch, if any: events and TOIs are numbered differently.
    """
    from app_tess.plots.folded import render_validation_event

    star = stars.get_star(tic_id)
    product = find_product(star, filename)

    def draw():
        data, events = _read_events(config, product)
        if not 1 <= number <= len(events):
            raise MissingData(f"{filename} holds {len(events)} event(s); there is none numbered {number}.")
        picture = render_validation_event(
            events[number - 1], _matching_toi(star, events, events[number - 1]), theme=theme
        )
        return replace(picture, provenance=make_picture_provenance([(filename, hashlib.sha256(data).hexdigest())]))

    return cached_picture(config, _validation_key(star, filename, number, theme), draw)


def known_provenance(config, load, star, light_curves, events, kind=None, flux=None):
    """Return the provenance of a star's pictures as far as they have been drawn; none is drawn here.

    Parameters
    ----------
    load : CatalogueLoad or None
        The current one.
    star : StarDetail
    light_curves : list of DataProduct
        Those whose sectors are on the page.
    events : dict
        Name of a data-validation file -> the numbers of its events on the page.
    kind, flux : str, optional
        The only kind of light curve on the page, and the flux where it is not each kind's default.

    Returns
    -------
    dict
        ("sector", filename), ("folded", toi) and ("validation", filename, number) -> provenance,
        or None until the picture is drawn.
    """
    keys: dict[tuple[object, ...], Callable[[str], Sequence[object]]] = {}
    for product in light_curves:
        shown = flux_of(product, flux)
        keys["sector", product.filename] = partial(_sector_key, star, product.filename, mask="default", flux=shown)
    for toi in star.tois:
        if why_not_folded(toi) is None:
            keys["folded", toi.toi] = partial(_folded_key, star, toi, flux=flux, kind=kind)
    for filename, numbers in events.items():
        for number in numbers:
            keys["validation", filename, number] = partial(_validation_key, star, filename, number)
    return remembered_provenance(config, load, keys)


def known_comparisons(config, load, star, compared):
    """Return ("comparison", toi) -> the provenance of its picture, or None until it is drawn.

    `compared`: TOI -> its `product_choice.compared_products`.
    """
    keys = {
        ("comparison", toi_id): partial(comparison_key, find_toi(star, toi_id), by_pipeline)
        for toi_id, by_pipeline in compared.items()
    }
    return remembered_provenance(config, load, keys)


def _sector_key(star, filename, theme, mask, flux):
    return ("sector", filename, theme, mask, flux, [(name, repr(mark)) for name, mark in marked_transits(star)])


def _folded_key(star, toi, theme, mask="default", flux=None, kind=None):
    return (
        "folded",
        [product.filename for product in light_curve_products(star, kind)],
        theme,
        mask,
        flux,
        toi.toi,
        repr(ephemeris_of(toi)),
        toi.depth_ppm,
    )


def _validation_key(star, filename, number, theme):
    return ("validation", filename, number, theme, [repr(toi.period_d) for toi in star.tois])


def validation_events(config, star, product, download=False):
    """List the events of a data-validation file as (number, TOI name or None); None if the file is not in the cache.

    A page that only lists pictures downloads nothing; with `download` the file is fetched.
    """
    if not (download or is_at_hand(config, product)):
        return None
    _, events = _read_events(config, product)
    return [(number, _matching_toi(star, events, event)) for number, event in enumerate(events, 1)]


def _read_events(config, product):
    """Return (bytes, events) of a data-validation file; drop a broken one, or one of another star, from the cache."""
    kind = find_kind(product.kind)
    if not isinstance(kind, ValidationKind):
        raise MissingData(f"{product.filename} is not a data-validation file.")
    data = get_file(config, product)
    try:
        events = kind.read(data, product.filename)
        if events[0].tic_id != product.tic_id:
            raise FileFormatError(f"{product.filename} is of TIC {events[0].tic_id}, not of TIC {product.tic_id}.")
    except FileFormatError as error:
        discard(config, product, str(error))  # so that the next attempt fetches it again
        raise
    return data, events


def remembered_events(config, star, product, load_id):
    """Return `validation_events` without a download, remembered for each catalogue load.

    Reading a file takes longer than the rest of a page. None also where the cached file is broken, which its picture
    reports.
    """
    key = (str(config.instance_dir), config.mast_url, load_id, product.filename)
    if key not in _events:
        try:
            events = validation_events(config, star, product)
        except FileFormatError:
            events = None
        if events is None:
            return None
        if len(_events) >= EVENTS_KEPT:
            _events.clear()
        _events[key] = events
    return _events[key]


def _matching_toi(star, events, event):
    for name, ephemeris in marked_transits(star):
        if not ephemeris.is_single_transit and match_event(events, ephemeris) is event:
            return name
    return None
