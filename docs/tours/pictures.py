"""Take the tours' pictures: `python -m docs.tours.pictures`, which `make tours` runs.

They show the bundled sample, whose light curves are simulated and labeled so, on a site that the program starts itself.
"""

import argparse
import contextlib
import io
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from app_tess import create_app
from app_tess.config import Config
from app_tess.storage.database import db
from app_tess.tasks.first_load import load_sample
from app_tess.tasks.survey import survey
from app_tess.tasks.vet import vet_star
from tests.support.chromium import open_browser
from tests.support.live import live_site

FOLDER = Path(__file__).with_name("pictures")
VETTED = 8
"""Stars of the sample that are vetted, so that folds and findings are there to show."""
QUALITY = 55
"""Of WebP: text stays sharp at some 30 kB a picture."""
DESKTOP, PHONE = (1280, 800), (390, 844)
WASP46 = 231663901


@dataclass(frozen=True)
class Picture:
    """An address, the size of the window, and the element that is scrolled to its top."""

    address: str
    size: tuple[int, int] = DESKTOP
    top: str = "body"


PICTURES = {
    "front": Picture("/"),
    "candidates": Picture("/?disposition=PC&sort=tmag&direction=asc"),
    "tonight": Picture(f"/tonight?site=La+Silla&tic={WASP46}&date=2026-08-01&nights=14&unknown_error=yes"),
    "sheet": Picture(f"/observing-sheet?site=La+Silla&tic={WASP46}&date=2026-08-01&nights=3&unknown_error=yes"),
    "transits": Picture(f"/stars/{WASP46}/transits?site=La+Silla&date=2026-08-01"),
    "star": Picture(f"/stars/{WASP46}"),
    "classes": Picture("/classes"),
    "match": Picture(f"/match?star={WASP46}&time_btjd=1326.0"),
    "scoreboard": Picture("/scoreboard"),
    "phone": Picture("/?sort=tmag", PHONE, "#main"),
}
"""Name of the file, without its suffix -> Picture."""


@contextlib.contextmanager
def sample_site() -> Iterator[str]:
    """Serve the bundled sample, with some stars vetted; yields the address."""
    with tempfile.TemporaryDirectory() as folder:
        nowhere = "http://127.0.0.1:9"
        config = Config(instance_dir=Path(folder), exofop_url=nowhere, mast_url=nowhere, archive_retries=0)
        app = create_app(config)
        with app.app_context():
            db.create_all()
            load_sample(config, lambda *_: None)
            survey(config, lambda *_: None, VETTED)
            vet_star(config, WASP46, lambda *_: None)
            db.session.remove()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        with live_site(app) as address:
            yield address


def take(tab: Page, site: str, picture: Picture) -> bytes:
    """Return a picture of a page as WebP."""
    width, height = picture.size
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto(site + picture.address, wait_until="networkidle")
    tab.locator(picture.top).evaluate("element => element.scrollIntoView({ behavior: 'instant' })")
    image, file = Image.open(io.BytesIO(tab.screenshot())), io.BytesIO()
    image.convert("RGB").save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


def main() -> None:
    """Take every picture anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", nargs="?", help="address of a running site with the bundled sample")
    given = parser.parse_args().site
    with contextlib.nullcontext(given) if given else sample_site() as site, open_browser() as browser:
        tab = browser.new_context(color_scheme="light").new_page()
        for name, picture in PICTURES.items():
            content = take(tab, site, picture)
            (FOLDER / f"{name}.webp").write_bytes(content)
            print(f"{name}.webp {len(content):,} bytes")


if __name__ == "__main__":
    main()
