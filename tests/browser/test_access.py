"""Every page for everyone: axe-core (WCAG 2.2 AA) in both themes and two widths, keyboard, reflow, weight."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from app_tess.config import Config
from app_tess.web.pages.columns import COLUMNS
from tests.browser.conftest import make_site
from tests.support import catalogues
from tests.support.live import live_site
from tests.support.weight import open_tab, weigh, weigh_first_visit

AXE = (Path(__file__).resolve().parents[1] / "support" / "vendor" / "axe-core" / "axe.min.js").read_text(
    encoding="utf-8"
)
ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
FIND_VIOLATIONS = """async options => (await axe.run(document, options)).violations
    .map(violation => ({id: violation.id, html: violation.nodes.map(node => node.html)}))"""
STAR = "/stars/231663901"
ADDRESSES = {
    "stars.index": [
        "/",
        "/?disposition=PC&sort=tmag&columns=sectors&columns=logg&columns=planet_name",
        "/?q=no+such+star",
        "/?q=10+80",
        "/?page=9",
        "/?queue=classifier_score",
        "/?period_d_min=x",
    ],
    "stars.toi": [],
    "stars.show": [STAR, STAR + "?toi=101.01&period_d=x", STAR + "?queue=newest", "/stars/172370679", "/stars/1"],
    "stars.provenance": [STAR + "/provenance"],
    "runs.index": ["/operations"],
    "runs.former_index": [],
    "runs.show": ["/runs/1"],
    "actions.ask_reset": ["/reset"],
    "actions.ask_predict": ["/predict"],
    "actions.ask_vet": [STAR + "/vet"],
    "actions.ask_search": [STAR + "/search"],
    "looked_up.index": ["/looked-up"],
    "survey.index": ["/survey", "/survey?light_curve_class=PC&sde_min=8&new=yes"],
    "resolve.show": ["/resolve?name=no+such+star"],
    "looked_up.ask": ["/stars/1/look-up"],
    "match.show": ["/match", "/match?star=231663901&time_btjd=1326.0"],
    "changes.index": ["/changes", "/changes?tic_id=231663901"],
    "glossary.index": ["/glossary"],
    "classes.index": ["/classes"],
    "classes.quiz": ["/classes/quiz", "/classes/quiz?fold=1"],
    "style.index": ["/style"],
    "observing_sheet.show": ["/observing-sheet"],
    "tonight.show": ["/tonight", "/tonight?site=Paranal"],
    "transits.show": [STAR + "/transits", STAR + "/transits?site=Paranal"],
    "model.show": ["/model"],
    "model.record": ["/model/record"],
    "track_record.show": ["/track-record"],
    "scoreboard.show": ["/scoreboard"],
    "api_docs.docs": ["/api/docs"],
    "api_docs.examples": ["/api/examples"],
    "what_if.show": [
        STAR + "/tois/101.01/what-if",
        STAR + "/tois/101.01/what-if?planet_radius_rearth=4",
        STAR + "/tois/101.01/what-if?period_d=x",
    ],
    "light_curves.validation_events": [],
}
"""The pages by their view, each as people meet it; further states (nothing found, refused) as they differ."""
NO_PAGES = re.compile(r"\.(png|svg|json|atom|ics|csv|md)$|^/static/|^/api/v1/|^/(healthz|readyz|metrics)$")
"""Files and interfaces, not pages."""
PAGE_LIMIT_BYTES = 150_000
WIDTHS, COLUMN_PX = (1280, 390), 200


@pytest.fixture(scope="module")
def addresses(sample_app):
    """Every page of the site; a new one must be entered above, or this fails."""
    pages = {
        rule.endpoint
        for rule in sample_app.url_map.iter_rules()
        if "GET" in rule.methods and not NO_PAGES.search(rule.rule)
    }
    assert pages == ADDRESSES.keys()
    validation = next(
        iter(re.findall(r'href="(/stars/\d+/validation/[^"/]+)"', sample_app.test_client().get(STAR).text)), None
    )
    return [
        *(address for found in ADDRESSES.values() for address in found),
        "/nowhere",
        *([validation] if validation else []),
    ]


@pytest.fixture(scope="module")
def visits(browser, sample_site, addresses):
    """Address -> (what is wrong on the page, bytes transferred, bytes unpacked), of a first visit to each page.

    All of axe's rules on a light ground; on a dark one those of colour, for nothing else differs.
    """
    context = browser.new_context()
    context.add_init_script(AXE)
    tab, responses = open_tab(context)
    found = {}
    for address in addresses:
        responses.clear()
        tab.emulate_media(color_scheme="light")
        tab.goto(sample_site + address)
        wrong = list(find_what_is_wrong(tab))
        found[address] = (wrong, *weigh(tab, responses))
    context.close()
    return found


def find_what_is_wrong(tab):
    for theme, rules in (("light", ALL_RULES), ("dark", ["color-contrast", "link-in-text-block"])):
        tab.emulate_media(color_scheme=theme)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            for violation in tab.evaluate(FIND_VIOLATIONS, OPTIONS | {"runOnly": rules}):
                yield from (f"{theme}, {width} px: {violation['id']}: {html[:120]}" for html in violation["html"])
    for width in (*reversed(WIDTHS), 320):
        tab.set_viewport_size({"width": width, "height": 900})
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            yield f"wider than {width} px"


def test_axe_finds_nothing_on_any_page_in_either_theme_and_none_is_wider_than_the_screen(visits):
    assert {address: wrong for address, (wrong, *_) in visits.items() if wrong} == {}


def test_axe_finds_what_is_wrong(browser):
    """The test above could not fail if axe looked at nothing."""
    tab = browser.new_page()
    tab.set_content(
        "<img src=x><p style='color:#bbb;background:#fff'>pale</p>"
        "<a href=#a style='font-size:9px'>a</a><br><a href=#b style='font-size:9px'>b</a>"
    )
    tab.evaluate(AXE)
    found = tab.evaluate(FIND_VIOLATIONS, OPTIONS | {"runOnly": ALL_RULES})
    assert {"image-alt", "color-contrast", "html-has-lang", "region"} <= {violation["id"] for violation in found}
    assert ['<img src="x">'] in [violation["html"] for violation in found]
    tab.close()


def test_pages_stay_under_150_kb_without_pictures(browser, sample_site, visits):
    weights = {address: weight for address, (_, *weight) in visits.items()}
    weights["/?page_size=100"] = weigh_first_visit(browser, sample_site + "/?page_size=100")
    for address, (transferred, unpacked) in weights.items():
        assert 5_000 < transferred < unpacked < PAGE_LIMIT_BYTES, address


@pytest.mark.parametrize(("tois_a_star", "vetted"), [(1, False), (3, True)])
def test_a_hundred_stars_with_every_column_stay_under_150_kb(browser, tmp_path, tois_a_star, vetted):
    """On the way, by half; unpacked, with several TOIs each, the numbers alone are as much."""
    app = make_site(Config(instance_dir=tmp_path), lambda *_: catalogues.fill_a_page(100, tois_a_star, vetted))
    with live_site(app) as address:
        transferred, unpacked = weigh_first_visit(browser, address + "/?page_size=100&columns=" + ",".join(COLUMNS))
    assert unpacked > 125_000, "a full page"
    assert transferred < PAGE_LIMIT_BYTES / 2 and (unpacked < PAGE_LIMIT_BYTES or vetted), (transferred, unpacked)


def test_everything_works_without_javascript(browser, sample_site):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(sample_site + "/")
    tab.locator("#q").fill("WASP-46")
    tab.get_by_role("button", name="Apply").click()
    assert "q=WASP-46" in tab.url and tab.locator("table.stars tbody").count() == 1
    tab.get_by_text("Columns", exact=True).click()
    tab.get_by_label("log g", exact=True).check()
    tab.get_by_role("button", name="Apply").click()
    tab.goto(sample_site + "/")
    assert tab.locator("table.stars thead", has_text="log g").count() == 1
    tab.goto(sample_site + "/?q=WASP-46&sort=toi")
    tab.locator("table.stars tbody th a").click()
    assert STAR in tab.url and tab.locator("main img").count() > 0
    tab.get_by_role("button", name="dark").click()
    assert tab.locator("html").get_attribute("data-theme") == "dark" and STAR in tab.url
    context.close()


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(page, sample_site):
    page.goto(sample_site + "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name, outline, place = (
            page.evaluate("""() => { const here = document.activeElement, style = getComputedStyle(here);
            const { top, left } = here.getBoundingClientRect();
            return [here.id || here.tagName, parseFloat(style.outlineWidth), [top + window.scrollY, left]]; }""")
        )
        assert outline >= 2, f"{name} does not show that it has the focus"
        seen.append((name, place))
    for (_, (before, before_left)), (name, (after, left)) in pairwise(seen):
        is_next_column = left > before_left + COLUMN_PX  # which may begin higher
        assert after >= before - 60 or is_next_column, f"{name}: the order of the keyboard is not that of the page"
    assert {"q", "radius", "sort", "direction", "page_size"} <= {name for name, _ in seen}


def test_few_stops_lead_to_the_first_star_and_the_menu_is_one_line(page, sample_site):
    page.goto(sample_site + "/?sort=tmag")
    page.set_viewport_size({"width": 1280, "height": 800})
    header = page.locator(".site-header")
    assert header.bounding_box()["height"] < 60 and page.locator(".menu > li:visible").count() == 7
    for key in ("Tab", "Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.name") == "tic"
    page.locator(".submenu summary", has_text="Models").click()
    page.get_by_role("link", name="Scoreboard").click()
    page.wait_for_url("**/scoreboard")


def test_a_phone_shows_the_first_star_and_the_first_transit_on_its_first_screen(browser, sample_site):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    tab = context.new_page()
    for address in ("/?sort=tmag", "/tonight?tic=231663901&date=2026-08-01&nights=14&unknown_error=yes"):
        tab.goto(sample_site + address)
        box = tab.locator("main tbody tr").first.bounding_box()
        banners = sum(banner.bounding_box()["height"] for banner in tab.locator(".banner").all())
        assert box["y"] + box["height"] - banners <= 844, (address, box, "without the banners of the sample")
        assert not tab.locator(".menu").is_visible() and not tab.locator("form.filters").is_visible()
    tab.get_by_text("Menu", exact=True).click()
    assert tab.get_by_role("link", name="Survey").is_visible()
    context.close()


def test_a_reader_who_wants_no_motion_gets_none_and_paper_gets_the_content_alone(browser, sample_site):
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(sample_site + "/")
    assert tab.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    tab.emulate_media(media="print")
    assert not tab.locator(".filters").is_visible() and not tab.locator(".site-header").is_visible()
    assert tab.locator("table.stars").is_visible()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    context.close()


@pytest.mark.parametrize("chosen", ["light", "dark", "auto"])
@pytest.mark.parametrize("preferred", ["light", "dark"])
def test_the_printed_page_is_black_on_white_in_every_theme(browser, sample_site, chosen, preferred):
    context = browser.new_context(color_scheme=preferred)
    context.add_cookies([{"name": "theme", "value": chosen, "url": sample_site}])
    tab = context.new_page()
    tab.goto(sample_site + "/")
    on_screen = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    tab.emulate_media(media="print")
    colors = tab.evaluate(
        "[document.documentElement, "
        "...document.querySelectorAll('main a, main td, main th, main p, main h1, [class|=badge]')]"
        ".map(element => [getComputedStyle(element).backgroundColor, getComputedStyle(element).color])"
    )
    context.close()
    is_dark = chosen == "dark" or (chosen == "auto" and preferred == "dark")
    assert (sum(channels(on_screen)[:3]) < 200) == is_dark
    assert channels(colors[0][0]) == [255, 255, 255]
    text = [channels(color) for _, color in colors]
    assert max(max(color[:3]) for color in text) < 140, "light text would not show on paper"


def test_paper_shows_what_is_folded_away_on_the_screen_and_no_picture_is_higher_than_a_page(browser, sample_site):
    tab = browser.new_page()
    tab.goto(sample_site + STAR)
    folded = tab.locator("main details:not([open]) > dl, main details:not([open]) > ul").first
    assert folded.evaluate("element => element.getBoundingClientRect().height") == 0
    tab.emulate_media(media="print")
    assert folded.evaluate("element => element.getBoundingClientRect().height") > 0
    heights = tab.evaluate(
        "[...document.querySelectorAll('figure img')].map(image => image.getBoundingClientRect().height)"
    )
    tab.close()
    assert heights and max(heights) <= 240 * 96 / 25.4 + 1


def channels(color):
    """ "rgb(18, 22, 27)" -> [18, 22, 27]."""
    return [float(number) for number in re.findall(r"[\d.]+", color)]
