"""Every page for everyone: axe-core (WCAG 2.2 AA) in both themes and two widths, keyboard, phone, weight, and life without JavaScript."""
from pathlib import Path

import pytest

AXE = (Path(__file__).resolve().parents[1] / "support" / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STAR = "/stars/231663901"
PAGES = ["/", "/?disposition=PC&sort=tmag&columns=sectors&columns=logg&columns=planet_name", "/?q=no+such+star", "/?period_d_min=x", STAR,
         STAR + "?queue=newest", "/runs", "/runs/1", "/reset", "/predict", "/changes", "/glossary", "/style", "/nowhere"]
PAGE_LIMIT_BYTES = 150_000
WIDTHS = (1400, 390)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_the_screen(browser, sample_site, theme):
    for width in WIDTHS:
        context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900})
        tab = context.new_page()
        tab.route("**/*.png*", lambda route: route.abort())
        for address in PAGES:
            tab.goto(sample_site + address)
            tab.evaluate(AXE)
            result = tab.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
            found = [f"{violation['id']}: {node['html'][:120]}" for violation in result["violations"] for node in violation["nodes"]]
            assert found == [], f"{theme}, {width} px, {address}"
            assert len(result["passes"]) > 15
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than {width} px"
        context.close()


def test_pages_stay_under_150_kb_without_pictures(browser, sample_site):
    for address in ["/", "/?page_size=100", STAR]:
        sizes = {}
        context = browser.new_context()
        tab = context.new_page()
        tab.on("response", lambda answer, sizes=sizes: sizes.__setitem__(answer.url, len(answer.body()))
               if "image/" not in answer.headers.get("content-type", "") else None)
        tab.goto(sample_site + address)
        tab.wait_for_load_state("networkidle")
        assert sum(sizes.values()) < PAGE_LIMIT_BYTES, sizes
        context.close()


def test_a_filter_applies_without_a_reload_and_the_address_follows(page, sample_site):
    page.goto(sample_site + "/")
    page.evaluate("window.stillHere = true")
    page.get_by_label("KP", exact=True).check()
    page.wait_for_url("**disposition=KP**")
    assert page.evaluate("window.stillHere") is True
    assert page.locator("#results .badge-candidate").count() == 0 and page.locator("#results .badge-planet").count() > 0
    page.locator("#results thead a", has_text="Tmag").click()
    page.wait_for_url("**sort=tmag**")
    assert "disposition=KP" in page.url and page.evaluate("window.stillHere") is True
    page.go_back()
    page.wait_for_url(lambda address: "sort=tmag" not in address)
    assert page.get_by_label("KP", exact=True).is_checked()


def test_everything_works_without_javascript(browser, sample_site):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(sample_site + "/")
    tab.locator("#q").fill("WASP-46")
    tab.get_by_role("button", name="Apply").click()
    assert "q=WASP-46" in tab.url and tab.locator("table.stars tbody").count() == 1
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
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2


def test_a_light_curve_can_be_zoomed(page, sample_site):
    page.goto(sample_site + STAR)
    button = page.get_by_role("button", name="Zoom into this light curve").first
    button.scroll_into_view_if_needed()
    button.click()
    page.wait_for_selector(".uplot canvas", timeout=30_000)
