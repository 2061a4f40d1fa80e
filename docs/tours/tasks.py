"""Do what each kind of user comes for, in Chromium, and count: `python -m docs.tours.tasks SITE`.

The site has the real catalogue, scored, with ExoMiner's scores loaded and some stars vetted. A task starts on the front
page and ends where its answer can be read, which is checked. A press of a button, link, box or option is a click; a
field that is typed into is counted apart.
"""

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

from docs.tours.pictures import DESKTOP, PHONE
from tests.support.chromium import open_browser

TABLE = Path(__file__).with_name("clicks.md")
HEAD = """# Tasks counted in clicks

Each task was done in Chromium, from the front page to the answer, on a site with the catalogue of April 2025 and
ExoMiner's scores, at 1280 × 800 and on a phone's 390 × 844, by `python -m docs.tours.tasks SITE`. A press of a button,
link, box or option is a click; fields that are typed into are counted apart. On a phone the menu and the filters are
folded, which costs a click each.

| task | clicks | on a phone | fields typed | answer |
|---|---|---|---|---|
"""


@dataclass
class Visitor:
    """Somebody at a site, whose clicks and typed fields are counted."""

    tab: Page
    site: str
    is_phone: bool
    clicks: int = 0
    typed: int = 0

    def start(self) -> None:
        """Open the front page."""
        self.tab.goto(self.site + "/")
        self.clicks = self.typed = 0

    def click(self, place: Locator) -> None:
        """Press a button, link, box or summary."""
        place.click()
        self.clicks += 1
        self.tab.wait_for_load_state("load")

    def press(self, role: str, name: str | re.Pattern[str]) -> None:
        """Press the first element of a role and name."""
        self.click(self.tab.get_by_role(role, name=name).first)  # type: ignore[arg-type]

    def unfold(self, text: str) -> None:
        """Press what is folded; on a wide screen some of it is open, and costs no click."""
        place = self.tab.locator("summary", has_text=text).first
        if place.is_visible():
            self.click(place)

    def choose(self, selector: str, label: str) -> None:
        """Choose an option."""
        self.tab.locator(selector).select_option(label=label)
        self.clicks += 1
        self.tab.wait_for_load_state("load")

    def type(self, label: str | re.Pattern[str], text: str) -> None:
        """Type into a field."""
        self.tab.get_by_label(label).first.fill(text)
        self.typed += 1

    def search(self, text: str) -> None:
        """Search for a star."""
        self.tab.locator("#site-q").fill(text)
        self.typed += 1
        self.click(self.tab.locator(".site-search button"))

    def text(self) -> str:
        """Return what the page says."""
        return self.tab.locator("main").inner_text()


def five_targets_for_tonight(visitor: Visitor) -> str:
    """Five targets for tonight at La Silla with a 0.3 m aperture, printed."""
    visitor.choose("#front-site", "La Silla")
    visitor.press("button", "Show")
    for number in range(5):
        visitor.click(visitor.tab.locator("[name=pick]").nth(number))
    visitor.press("button", re.compile("Observing sheet"))
    assert "0.3 m aperture" in visitor.text() and visitor.tab.locator(".sheet-target").count() == 5
    visitor.tab.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    pages = len(re.findall(rb"/Type\s*/Page\b", visitor.tab.pdf(prefer_css_page_size=True)))
    return f"a sheet of {pages} pages, A4 landscape, ready for the browser's Print"


def worth_an_rv_night(visitor: Visitor) -> str:
    """Is TOI-5523 worth an RV night?"""
    visitor.search("TOI-5523")
    visitor.press("button", re.compile("Show observable transits"))
    found = re.findall(r"TOI-5523\.\d\d: (?:a planet of .*|no estimate.*)", visitor.text())
    assert len(found) == 2
    return " ".join(found).replace(" (semi-amplitude)", "")


def why_the_probability(visitor: Visitor) -> str:
    """Why 67 % for WASP-46 b?"""
    visitor.search("WASP-46 b")
    assert re.search("WASP-46 b|TOI-101.01", visitor.text())
    visitor.click(visitor.tab.locator("summary", has_text=re.compile("Reasons|Why")).first)
    return "the reasons, with the values behind them, on the star's page"


def candidates_into_a_notebook(visitor: Visitor) -> str:
    """Candidates with P < 2 d, R < 4 R⊕, Tmag < 11 into a notebook."""
    visitor.unfold("Filters, columns")
    visitor.click(visitor.tab.locator("[name=disposition][value=PC]"))
    visitor.unfold("More filters")
    for label, value in (("Period, maximum", "2"), ("Planet radius, maximum", "4"), ("Tmag, maximum", "11")):
        visitor.type(label, value)
    visitor.press("button", "Apply")
    visitor.tab.wait_for_url("**tmag_max=11**")
    visitor.unfold("Copy as Python")
    code = visitor.tab.locator(".exports code").inner_text()
    assert "tmag_max=11" in code and "read_csv" in code
    return f"{visitor.tab.locator('#count strong').inner_text()}, and two lines of Python"


def compared_with_exominer(visitor: Visitor) -> str:
    """Where does the model fail compared with ExoMiner?"""
    visitor.unfold("Menu")
    visitor.unfold("Models")
    visitor.press("link", "Scoreboard")
    assert "ExoMiner" in visitor.text() and "differ" in visitor.text()
    return "both graded on the same TOIs, and the TOIs on which they differ most"


def eclipsing_binaries(visitor: Visitor) -> str:
    """Eclipsing binaries for a class."""
    visitor.unfold("Filters, columns")
    visitor.unfold("More filters")
    visitor.click(visitor.tab.locator("[name=tess_disposition][value=EB]"))
    visitor.tab.wait_for_url("**tess_disposition=EB**")
    return f"{visitor.tab.locator('#count strong').inner_text()} with the TESS disposition EB"


def a_dip(visitor: Visitor) -> str:
    """A dip on TIC 25155310 at BTJD 1327.5."""
    visitor.unfold("Menu")
    visitor.press("link", "Match")
    visitor.type("TIC id or position", "25155310")
    visitor.type(re.compile("Mid-transit times"), "1327.5")
    visitor.press("button", "Compare")
    return visitor.tab.locator("main [role=status]").first.inner_text()


def light_curves_now(visitor: Visitor) -> str:
    """Which stars have light curves to look at now?"""
    start = visitor.tab.get_by_role("link", name="start with the first")
    count = start.locator("xpath=..").inner_text().split(" ha")[0]
    visitor.click(start)
    assert "1 of " in visitor.text() and visitor.tab.locator(".finding").first.is_visible()
    return f"{count}, most probable first, each with its fold and finding, by “Next”"


def follow_three_stars(visitor: Visitor) -> str:
    """Follow three stars."""
    for number in range(3):
        visitor.click(visitor.tab.locator("[name=tic][form=ticked]").nth(number))
    form = visitor.tab.locator("#ticked")
    address = form.get_by_role("button", name="Follow changes").get_attribute("formaction")
    ids = [box.get_attribute("value") for box in visitor.tab.locator("[name=tic]:checked").all()]
    visitor.clicks += 1
    feed = visitor.tab.request.get(f"{visitor.site}{address}?" + "&".join(f"tic={tic_id}" for tic_id in ids)).text()
    assert len(ids) == 3 and all(str(tic_id) in feed for tic_id in ids)
    return "an Atom feed of the three stars"


TASKS: tuple[Callable[[Visitor], str], ...] = (
    five_targets_for_tonight,
    worth_an_rv_night,
    why_the_probability,
    candidates_into_a_notebook,
    compared_with_exominer,
    eclipsing_binaries,
    a_dip,
    light_curves_now,
    follow_three_stars,
)


def count(site: str) -> str:
    """Return the table, in Markdown."""
    lines = []
    with open_browser() as browser:
        for task in TASKS:
            counted = []
            for width, height in (DESKTOP, PHONE):
                context = browser.new_context(viewport={"width": width, "height": height})  # type: ignore[attr-defined]
                visitor = Visitor(context.new_page(), site, (width, height) == PHONE)
                visitor.start()
                answer = task(visitor)
                counted.append(visitor)
                context.close()
            desktop, phone = counted
            name = (task.__doc__ or "").rstrip(".")
            lines.append(f"| {name} | {desktop.clicks} | {phone.clicks} | {desktop.typed} | {answer} |")
            print(lines[-1])
    return HEAD + "\n".join(lines) + "\n"


def main() -> None:
    """Count, and write the table of the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", help="address of a running site with the real catalogue")
    TABLE.write_text(count(parser.parse_args().site.rstrip("/")), encoding="utf-8")


if __name__ == "__main__":
    main()
