"""A star's pictures: from the disk cache, else the files are fetched, read and drawn; also why there is none."""
import hashlib
import json
from importlib.metadata import version

import numpy as np

from app_tess.archives import spoc
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import bin_median
from app_tess.astro.identifiers import toi_name
from app_tess.astro.light_curve import select_cadences
from app_tess.astro.stitching import stitch
from app_tess.astro.validation import match_event
from app_tess.errors import FileFormatError, NotFound
from app_tess.plots.folded import render_folded, render_validation_event
from app_tess.plots.light_curve import render_sector
from app_tess.plots.style import Picture
from app_tess.storage import catalogue, stars
from app_tess.storage.database import plain
from app_tess.tasks.product_files import discard, get_file, is_at_hand, keep

DRAWING = "1"
"""Raise it when a drawing changes: cached pictures of an older one are drawn anew."""
FOLDED_SECTORS = 6
"""A fold takes the newest six light curves: each is a 2 MB download, and more hardly sharpen the picture."""


EVENTS_KEPT = 5000
"""Files whose list of events is remembered: some 100 bytes each."""
_events = {}


def sector_picture(config, tic_id, filename, theme="light"):
    """One sector's light curve with every TOI's transits marked."""
    star = stars.get_star(tic_id)
    product = find_product(star, filename)
    marks = [(toi_name(toi.toi), ephemeris_of(toi)) for toi in star.tois if toi.epoch_btjd is not None]
    return cached_picture(config, ("sector", filename, theme, [(name, repr(mark)) for name, mark in marks]),
                   lambda: render_sector(read_curve(config, product), marks, theme=theme))


def folded_picture(config, tic_id, toi_id, theme="light"):
    """The star's newest sectors folded on one TOI's ephemeris."""
    star = stars.get_star(tic_id)
    toi = find_toi(star, toi_id)
    ephemeris = ephemeris_of(toi)
    products = light_curve_products(star)
    if not products:
        raise NotFound(why_no_light_curve(star))

    def draw():
        curves = [curve for _, curve in read_newest(config, star)[0]]
        others = [ephemeris_of(other) for other in star.tois if other.toi != toi.toi and other.epoch_btjd is not None]
        return render_folded(stitch(curves, [ephemeris, *others]), ephemeris, toi_name(toi.toi), toi.depth_ppm, theme=theme)

    return cached_picture(config, ("folded", [product.filename for product in products], theme, toi.toi, repr(ephemeris),
                            toi.depth_ppm), draw)


def validation_picture(config, tic_id, filename, number, theme="light"):
    """One event of a data-validation file (counted from 1), folded, its model over it.

    It is named after the TOI whose period and epoch it has, if there is one: the numbers of events are not those of TOIs.
    """
    star = stars.get_star(tic_id)
    product = find_product(star, filename)

    def draw():
        events = spoc.read_validation(get_file(config, product), product.filename)
        if not 1 <= number <= len(events):
            raise NotFound(f"{filename} holds {len(events)} event(s); there is none numbered {number}.")
        return render_validation_event(events[number - 1], _matching_toi(star, events, events[number - 1]), theme=theme)

    return cached_picture(config, ("validation", filename, number, theme, [repr(toi.period_d) for toi in star.tois]), draw)


def validation_events(config, star, product, download=False):
    """The events of a data-validation file: a list of (number, TOI name or None); None where the file is not at hand.

    A page that only lists pictures downloads nothing; with `download` the file is fetched.
    """
    if not (download or is_at_hand(config, product)):
        return None
    events = spoc.read_validation(get_file(config, product), product.filename)
    return [(number, _matching_toi(star, events, event)) for number, event in enumerate(events, 1)]


def remembered_events(config, star, product, load_id):
    """`validation_events` without a download, read once a load and process: reading a file takes longer than the rest of a page."""
    key = (str(config.instance_dir), config.mast_url, load_id, product.filename)
    if key not in _events:
        events = validation_events(config, star, product)
        if events is None:
            return None
        if len(_events) >= EVENTS_KEPT:
            _events.clear()
        _events[key] = events
    return _events[key]


def ephemeris_of(toi):
    """The transit ephemeris of a stored TOI."""
    return Ephemeris(toi.period_d, toi.epoch_btjd, toi.duration_h, toi.period_err_d, toi.epoch_err_d)


def light_curve_products(star):
    """Two-minute light curves by sector; a 20-second file only where its sector has no other."""
    by_sector = {}
    for product in star.products:
        if product.kind in ("lc", "fast-lc") and (product.kind == "lc" or product.sector not in by_sector):
            by_sector[product.sector] = product
    return [by_sector[sector] for sector in sorted(by_sector)]


def read_newest(config, star):
    """The newest FOLDED_SECTORS light curves that the archive has.

    Returns
    -------
    list of (DataProduct, LightCurve), by sector
    list of str
        A sentence for each file that is listed but absent.

    Raises
    ------
    NotFound
        There is none at all; says why.
    """
    found, absent = [], []
    for product in reversed(light_curve_products(star)):
        if len(found) == FOLDED_SECTORS:
            break
        try:
            found.append((product, read_curve(config, product)))
        except NotFound:
            absent.append(f"{product.filename} is listed, but the archive has no such file.")
    if not found:
        raise NotFound(absent[0] if absent else why_no_light_curve(star))
    return found[::-1], absent


def why_no_light_curve(star):
    """A sentence: the star was never a two-minute target, as far as the catalogue knows."""
    sectors = sorted({int(number) for toi in star.tois for number in (toi.sectors or "").split(",") if number.strip().isdigit()})
    seen = f"; sectors {', '.join(map(str, sectors))} were observed in full-frame images only" if sectors else ""
    return f"MAST lists no light-curve file for TIC {star.star.tic_id}: not a two-minute target{seen}."


def _matching_toi(star, events, event):
    for toi in star.tois:
        if toi.period_d and toi.epoch_btjd is not None and match_event(events, ephemeris_of(toi)) is event:
            return toi_name(toi.toi)
    return None


def find_product(star, filename):
    for product in star.products:
        if product.filename == filename:
            return product
    raise NotFound(f"TIC {star.star.tic_id} has no data product {filename}.")


def find_toi(star, toi_id):
    for toi in star.tois:
        if toi.toi == toi_id:
            return toi
    raise NotFound(f"TIC {star.star.tic_id} has no TOI {toi_id}.")


def read_curve(config, product):
    """A light-curve file as a value; one of another star, or a broken one, is refused by name."""
    try:
        curve = spoc.read_light_curve(get_file(config, product), product.filename)
    except FileFormatError:
        discard(config, product)  # so that the next attempt fetches it anew
        raise
    if curve.tic_id != product.tic_id:
        raise FileFormatError(f"{product.filename} is of TIC {curve.tic_id}, not of TIC {product.tic_id}.")
    return curve


def cached_picture(config, key, draw):
    """A picture by everything that shapes it: what it shows, how it is drawn, and where the files come from."""
    load = catalogue.find_current_load()
    origin = "sample" if load is not None and load.simulated else config.mast_url
    text = json.dumps([DRAWING, version("matplotlib"), origin, key], sort_keys=True)
    stem = hashlib.sha256(text.encode()).hexdigest()
    path = config.instance_dir / "cache" / "pictures" / stem[:2] / stem
    if path.exists():
        alt, _, png = path.read_bytes().partition(b"\0")
        return Picture(png, alt.decode())
    picture = draw()
    keep(path, picture.alt.encode() + b"\0" + picture.png, config)
    return picture


ZOOM_BIN_D = 10 / 1440
"""Ten-minute medians: 4,000 points a sector, which a browser zooms without a pause."""


def sector_points(config, tic_id, filename):
    """A sector's light curve as plain lists, for a plot that can be zoomed.

    Returns
    -------
    dict
        time_btjd [d] and flux (relative to the median; None in a gap), medians of ZOOM_BIN_D; `transits`: TOI name ->
        mid-transit times [BTJD d]; `simulated`; `title`.
    """
    star = stars.get_star(tic_id)
    curve = read_curve(config, find_product(star, filename))
    keep, _ = select_cadences(curve)
    time, flux = curve.time_btjd[keep], curve.pdcsap_flux[keep]
    centres, medians, _ = bin_median(time, flux / np.median(flux), np.arange(time[0], time[-1] + ZOOM_BIN_D, ZOOM_BIN_D))
    marks = {toi_name(toi.toi): ephemeris_of(toi).transit_times(time[0], time[-1])
             for toi in star.tois if toi.epoch_btjd is not None}
    title = f"TIC {tic_id}, sector {curve.sector}: PDCSAP flux, 10-minute medians"
    return plain({"title": f"SIMULATED, {title}" if curve.simulated else title, "simulated": curve.simulated,
                  "time_btjd": np.round(centres, 6), "flux": np.round(medians, 7), "transits": marks})
