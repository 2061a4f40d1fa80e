"""The main journeys in a real browser: the table, a star, its pictures, a reset that cannot reach its archive."""

import re

import pytest

from tests.browser.conftest import see_pictures


@pytest.mark.parametrize("site", ["sample_site", "real_site"])
def test_a_person_opens_the_table_a_star_and_its_light_curve(request, page, site):
    page.goto(request.getfixturevalue(site) + "/?q=TIC+231663901&sort=toi")
    page.get_by_role("link", name=re.compile("231663901")).first.click()
    page.wait_for_url("**/stars/231663901**")
    assert "101.01" in page.locator("main").inner_text()
    drawn = re.compile(r"2-minute cadence, [\d,]+ points, \d+ transits")
    page.locator(".curve-status", has_text=drawn).first.wait_for(timeout=60_000)
    assert page.locator(".curve-stage canvas").count() == 3


def test_the_first_page_shows_stars_and_says_that_light_curves_are_simulated(page, sample_site):
    page.goto(sample_site + "/")
    assert page.locator("table tbody tr").count() >= 20
    text = page.locator("body").inner_text().lower()
    assert "simulated" in text and "update from exofop and mast" in text


def test_a_reset_starts_from_the_form_and_leads_to_its_run(page, sample_site):
    page.goto(sample_site + "/reset")
    page.locator("main form button").click()
    page.wait_for_url("**/runs/*")
    assert "queued" in page.locator("main").inner_text().lower()


def test_a_run_that_is_cancelled_elsewhere_is_offered_again_without_a_reload(page, sample_site):
    page.goto(sample_site + "/predict")
    page.locator("main form button").click()
    page.wait_for_url("**/runs/*")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Cancel run").click()
    other.get_by_role("button", name="Start again").wait_for()
    page.get_by_role("button", name="Start again").wait_for(timeout=10_000)
    assert page.get_by_role("button", name="Cancel run").count() == 0
    assert "cancelled Cancelled. Nothing was changed." in page.locator("#run-status").inner_text()


def test_the_table_works_by_keyboard_alone(page, sample_site):
    page.goto(sample_site + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip().lower().startswith("skip")


def test_a_working_list_of_the_real_catalogue_is_walked_from_star_to_star(page, real_site):
    page.route(
        re.compile(r"/stars/.*[.]png"), lambda route: route.fulfill(status=204)
    )  # few stars of the folder have files
    page.goto(real_site + "/")
    assert page.locator("#count strong").inner_text() == "7,237 stars"
    page.get_by_role("link", name="Most probable open candidates").click()
    page.locator("summary", has_text="More filters").click()
    page.get_by_label("Tmag, maximum").fill("9")
    page.get_by_label("Tmag, maximum").press("Enter")
    page.wait_for_url("**tmag_max=9**")
    page.wait_for_load_state("networkidle")
    see_pictures(page, ".mapped .picture-scroll img")
    names = page.locator("table.stars tbody th a").all_inner_texts()
    page.locator("table.stars tbody th a").first.click()
    page.get_by_role("link", name=f"Next: TIC {names[1]}").click()
    page.wait_for_url(f"**/stars/{names[1]}?**")
    page.get_by_role("link", name="Back to the list").click()
    assert page.locator("table.stars tbody th a").all_inner_texts() == names


def test_a_cone_on_the_real_sky_finds_its_star(page, real_site):
    page.goto(real_site + "/")
    page.locator("#q").fill("21:14:56.9 -55:52:18")
    page.locator("#radius").fill("30 arcsec")
    page.locator("#radius").press("Enter")
    page.wait_for_url("**radius=0.5**")
    assert page.locator("table.stars tbody th a").all_inner_texts() == ["231663901"]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_observing_sheet_prints_a_page_for_each_target(browser, sample_site, width):
    tab = browser.new_page(viewport={"width": width, "height": 844})
    tab.goto(sample_site + "/observing-sheet?site=La+Silla&tic=231663901&date=2026-08-01&nights=7&unknown_error=yes")
    targets = tab.locator(".sheet-target").count()
    tab.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    printed = tab.pdf(prefer_css_page_size=True)
    tab.close()
    assert targets > 1 and len(re.findall(rb"/Type\s*/Page\b", printed)) == 1 + targets
