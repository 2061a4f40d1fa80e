"""The main journeys in a real browser: the table, a star, its pictures, a reset that cannot reach its archive."""
import re

import pytest

LOADED = "images => images.every(image => image.complete && image.naturalWidth > 50 && image.alt.length > 10)"


def see_pictures(page):
    """Scroll through the page, so that lazy pictures load, and check that each shows and says something."""
    images = page.locator("main img")
    for number in range(images.count()):
        images.nth(number).scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.querySelectorAll('main img')].every(image => image.complete)", timeout=60_000)
    assert images.count() > 0
    assert images.evaluate_all(LOADED)


@pytest.mark.parametrize("site", ["sample_site", "real_site"])
def test_a_person_opens_the_table_a_star_and_its_pictures(request, page, site):
    page.goto(request.getfixturevalue(site) + "/?q=TIC+231663901")
    page.get_by_role("link", name=re.compile("231663901")).first.click()
    page.wait_for_url("**/stars/231663901**")
    assert "101.01" in page.locator("main").inner_text()
    see_pictures(page)


def test_the_first_page_shows_stars_and_says_that_light_curves_are_simulated(page, sample_site):
    page.goto(sample_site + "/")
    assert page.locator("table tbody tr").count() >= 20
    text = page.locator("body").inner_text().lower()
    assert "simulated" in text and "reload it from exofop and mast" in text


def test_a_reset_starts_from_the_form_and_leads_to_its_run(page, sample_site):
    page.goto(sample_site + "/reset")
    page.locator("main form button").click()
    page.wait_for_url("**/runs/*")
    assert "queued" in page.locator("main").inner_text().lower()


def test_the_table_works_by_keyboard_alone(page, sample_site):
    page.goto(sample_site + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip().lower().startswith("skip")
