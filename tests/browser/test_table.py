"""The table with JavaScript: filters, sorts and pages load in place, and the address follows."""

import pytest

from tests.browser.conftest import see_pictures

REGION = "#results"


@pytest.fixture
def table(page, sample_site):
    """The table's page, which a reload would make forget what it was told."""
    page.goto(sample_site + "/")
    page.evaluate("window.stillHere = true")
    yield page
    assert page.evaluate("window.stillHere") is True, "the page was loaded anew"


def test_a_filter_applies_in_place_the_address_follows_and_the_count_is_told(table, sample_site):
    count = table.locator("#count")
    count.evaluate("element => { window.counted = element }")
    table.locator("[name=disposition][value=KP]").check()
    table.wait_for_url("**disposition=KP**")
    assert table.url == sample_site + "/?disposition=KP", "the address holds what was asked for and nothing else"
    assert (
        table.locator("#results .badge-candidate").count() == 0 and table.locator("#results .badge-planet").count() > 0
    )
    assert "found" in count.inner_text() and count.get_attribute("role") == "status"
    assert table.evaluate("window.counted === document.getElementById('count')"), "a live region must stay to be heard"
    assert table.evaluate("document.activeElement.value") == "KP", "the focus stays on the box"


@pytest.mark.parametrize("end", ["Enter", "Apply"])
def test_a_text_filter_asks_once_however_it_is_ended(table, end):
    """Leaving a changed field tells of the change too: that must not ask a second time."""
    asked = []
    table.on(
        "request", lambda request: asked.append(request.url) if request.resource_type in ("xhr", "fetch") else None
    )
    table.locator("#q").fill("WASP-46")
    if end == "Enter":
        table.locator("#q").press("Enter")
    else:
        table.get_by_role("button", name="Apply").click()
    table.wait_for_url("**q=WASP-46**")
    table.wait_for_load_state("networkidle")
    assert len(asked) == 1, asked


@pytest.mark.parametrize("end", ["Enter", "Apply"])
def test_a_form_sent_before_htmx_has_arrived_waits_for_it(table, sample_site, end):
    table.route("**/htmx.min.js*", lambda route: (table.wait_for_timeout(400), route.continue_()))
    test_a_text_filter_asks_once_however_it_is_ended(table, end)


def test_a_form_is_sent_whole_when_htmx_does_not_arrive(browser, sample_site):
    context = browser.new_context()
    tab = context.new_page()
    tab.route("**/htmx.min.js*", lambda route: route.abort())
    tab.goto(sample_site + "/")
    tab.locator("#q").fill("WASP-46")
    tab.locator("#q").press("Enter")
    tab.wait_for_url("**q=WASP-46**")
    context.close()


def test_every_choice_applies_by_itself(table):
    """Boxes and lists at once; what is typed waits for Enter or Apply."""
    table.locator("summary", has_text="More filters").click()
    table.locator("#light_curves").select_option("yes")
    table.wait_for_url("**light_curves=yes**")
    table.locator("#alerted_since").fill("2018-01-01")
    table.wait_for_url("**alerted_since=2018-01-01**")
    table.locator("#direction").select_option("asc")
    table.wait_for_url("**direction=asc**")


def test_a_head_sorts_in_place_keeps_the_focus_and_the_form_follows(table):
    table.locator("#by-tmag").click()
    table.wait_for_url("**sort=tmag**")
    assert table.evaluate("document.activeElement.id") == "by-tmag" and table.locator("#sort").input_value() == "tmag"
    assert table.locator("th", has=table.locator("#by-tmag")).get_attribute("aria-sort") == "ascending"
    table.locator("#by-tmag").click()
    table.wait_for_url("**direction=desc**")
    table.locator("[name=disposition][value=CP]").check()
    table.wait_for_url("**disposition=CP**")
    assert "sort=tmag" in table.url and "direction=desc" in table.url


def test_pages_turn_in_place(table):
    table.locator("#page_size").select_option("25")
    table.wait_for_url("**page_size=25")
    table.locator("#page-next").click()
    table.wait_for_url("**page=2**")
    assert "Page 2 of" in table.locator(".paging").inner_text()


def test_an_invalid_value_loads_the_page_with_the_form_that_can_correct_it(browser, sample_site):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(sample_site + "/?tmag_max=12")
    tab.get_by_label("Period, minimum").fill("soon")
    tab.get_by_label("Period, minimum").press("Enter")
    tab.wait_for_url("**period_d_min=soon**")
    field = tab.get_by_label("Period, minimum")
    assert field.input_value() == "soon" and field.get_attribute("aria-invalid") == "true"
    assert tab.get_by_label("Tmag, maximum").input_value() == "12"
    field.fill("3")
    field.press("Enter")
    tab.wait_for_url("**period_d_min=3**")
    assert tab.locator("table.stars tbody").count() > 0
    context.close()


def test_going_back_shows_the_list_and_the_form_of_before(page, sample_site):
    page.goto(sample_site + "/")
    page.locator("[name=disposition][value=KP]").check()
    page.wait_for_url("**disposition=KP**")
    page.locator("#by-tmag").click()
    page.wait_for_url("**sort=tmag**")
    page.go_back()
    page.wait_for_url(lambda address: "sort=tmag" not in address)
    page.wait_for_function("() => document.getElementById('sort').value === 'alerted_on'")
    assert page.locator("[name=disposition][value=KP]").is_checked()


def test_chosen_columns_are_in_the_address_and_remembered(page, sample_site):
    page.goto(sample_site + "/")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("log g", exact=True).check()
    page.wait_for_url("**columns=**logg**")
    page.goto(sample_site + "/")
    assert page.locator("#by-logg").count() == 1


def test_folds_stand_in_the_rows_and_follow_the_theme(browser, sample_site):
    """The drawing takes its colours from the place it stands in: a dark page chosen on a light device too."""
    context = browser.new_context(color_scheme="light")
    tab = context.new_page()
    tab.goto(sample_site + "/")
    first = tab.locator(".fold img").first
    assert first.get_attribute("alt").startswith("Folded: ")
    see_pictures(tab, ".fold img")
    light = first.screenshot()
    tab.get_by_role("button", name="dark").click()
    see_pictures(tab, ".fold img")
    assert tab.locator(".fold img").first.screenshot() != light
    context.close()


@pytest.mark.parametrize("name", ["sky", "period_radius"])
def test_a_point_of_a_plot_leads_to_its_star(page, sample_site, name):
    page.goto(sample_site + "/?q=WASP-46&sort=toi")
    see_pictures(page, ".mapped .picture-scroll img")
    area = page.locator(f"map[name={name}-map] area").first
    x, y, _ = (int(part) for part in area.get_attribute("coords").split(","))
    picture = page.locator(f"img[usemap='#{name}-map']")
    picture.click(position={"x": x, "y": y})
    page.wait_for_url("**/stars/231663901**")


def test_ticked_stars_are_remembered_and_a_stars_page_adds_and_removes_it(page, sample_site):
    page.goto(sample_site + "/?sort=tmag")
    boxes, link = page.locator("[name=tic]"), page.locator("#watch-list")
    assert not link.is_visible() and not page.locator("#ticked").is_visible()
    boxes.nth(0).check()
    boxes.nth(1).check()
    first, second = (boxes.nth(number).get_attribute("value") for number in (0, 1))
    assert link.inner_text() == "Your watch list (2)"
    page.locator("#by-tmag").click()
    page.wait_for_url("**direction=desc**")
    page.goto(f"{sample_site}/stars/{second}")
    page.get_by_role("button", name="Remove from your watch list").click()
    assert page.get_by_role("button", name="Add to your watch list").is_visible()
    link.click()
    page.wait_for_url(f"**/?tic={first}")
    assert page.locator("[name=tic][type=checkbox]:checked").count() == 1
    page.get_by_role("button", name="Observe tonight").click()
    page.wait_for_url(f"**/tonight?tic={first}")
    assert page.locator("h1").inner_text() == "Transits of your watch list"


def test_without_storage_ticks_serve_for_one_page(browser, sample_site):
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })")
    tab, wrong = context.new_page(), []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.goto(sample_site + "/?sort=tmag")
    tab.locator("[name=tic]").first.check()
    assert not tab.locator("#watch-list").is_visible() and wrong == []
    tab.get_by_role("button", name="Show these").click()
    tab.wait_for_url("**/?tic=*")
    assert tab.locator("table.stars tbody").count() == 1
    context.close()
