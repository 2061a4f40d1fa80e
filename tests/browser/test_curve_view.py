"""The view of a light curve in a browser: by keyboard, at full cadence, by its address, without scripts, on paper."""

import re

import pytest

STAR = "/stars/231663901"
STATUS = ".curve-panel-time .curve-status"
FOLD = ".curve-panel-fold h4"


@pytest.fixture
def view(browser, sample_site):
    """A page whose console must stay empty, and how to wait for a word in one of its elements."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    tab = context.new_page()
    wrong = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    tab.site = sample_site
    yield tab
    context.close()
    assert wrong == []


def shows(tab, selector, word):
    """Wait until an element contains a word."""
    tab.locator(selector, has_text=word).first.wait_for(timeout=20_000)


def test_the_keyboard_zooms_to_full_cadence_and_the_address_restores_it(view):
    view.goto(view.site + STAR)
    shows(view, STATUS, "medians")
    assert view.locator(".curve-view picture").first.is_hidden(), "the same data are not drawn twice"
    view.locator(".curve-panel-time .curve-stage").focus()
    for _ in range(12):
        view.keyboard.press("+")
    view.keyboard.press("ArrowLeft")
    view.wait_for_url("**btjd_min=**")
    shows(view, STATUS, "2-minute cadence")
    shows(view, ".curve-live > .visually-hidden", "2-minute cadence")
    assert "toi=101.01" in view.url and view.url.endswith("#toi-101.01")
    drawn, label = view.locator(STATUS).inner_text(), view.locator(".curve-panel-time .curve-stage")
    assert drawn in label.get_attribute("aria-label")
    view.reload()
    shows(view, STATUS, drawn)
    view.locator(".curve-panel-time .curve-stage").focus()
    view.keyboard.press("0")
    shows(view, STATUS, "medians")
    view.wait_for_url(re.compile(r"/stars/231663901#toi-101\.01$"))


def test_a_typed_period_is_folded_kept_in_the_address_and_taken_back(view):
    view.goto(view.site + STAR)
    shows(view, FOLD, "1.43037 d")
    form = view.locator(".curve-form").first
    form.get_by_label("Period [d]").fill("x")
    form.get_by_role("button", name="Show").click()
    shows(view, ".curve-message", "period_d: 'x' is not a number.")
    form.get_by_label("Period [d]").fill("2.86074")
    form.get_by_role("button", name="Show").click()
    shows(view, FOLD, "2.86074 d")
    view.reload()
    shows(view, FOLD, "2.86074 d")
    assert form.get_by_label("Period [d]").input_value() == "2.86074"
    view.get_by_role("button", name="Highlight the next transit").first.click()
    shows(view, ".curve-steps", "mid-transit BTJD")
    view.go_back()
    shows(view, FOLD, "1.43037 d")


def test_a_panel_has_its_height_before_it_is_drawn(view):
    """Or a page that is loaded again where it was scrolled to would be shorter, with the view above the screen."""
    view.goto(view.site + STAR)
    shows(view, ".curve-panel-fold .curve-status", "transits")
    stage = view.locator(".curve-panel-fold .curve-stage")
    drawn = stage.bounding_box()["height"]
    view.add_init_script("window.IntersectionObserver = class { observe() {} unobserve() {} }")
    view.reload()
    assert stage.locator("canvas").count() == 0 and stage.bounding_box()["height"] == drawn > 200


def test_a_drag_selects_what_is_folded_and_a_point_lights_its_transit(view):
    view.goto(view.site + STAR + "?curve=1")
    shows(view, ".curve-panel-fold .curve-status", "transits")
    over = view.locator(".curve-panel-time .u-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    view.mouse.move(box["x"] + 5, box["y"] + 60)
    view.mouse.down()
    view.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 60, steps=3)
    view.mouse.up()
    shows(view, ".curve-panel-fold .curve-status", re.compile(r"\b[12] transits?\b"))
    fold = view.locator(".curve-panel-fold .u-over").bounding_box()
    view.mouse.move(fold["x"] + fold["width"] / 2, fold["y"] + 0.7 * fold["height"], steps=8)
    view.mouse.move(fold["x"] + 0.2 * fold["width"], fold["y"] + 0.3 * fold["height"], steps=12)
    shows(view, ".curve-steps", "mid-transit BTJD")


def test_points_that_are_being_fetched_are_asked_for_again(browser, sample_site):
    tab = browser.new_page()
    asked = []

    def answer(route):
        asked.append(route.request.url)
        if len(asked) > 1:
            return route.continue_()
        body = '{"status": "being_fetched", "message": "1 file is being fetched.", "retry_after_s": 1}'
        return route.fulfill(status=202, headers={"Retry-After": "1", "Content-Type": "application/json"}, body=body)

    tab.route("**/light-curve?*", answer)
    tab.goto(sample_site + STAR + "?curve=1")
    shows(tab, ".curve-message", "being fetched")
    shows(tab, STATUS, "medians")
    assert tab.locator(".curve-message").first.inner_text() == ""
    tab.close()


def test_without_scripts_and_on_paper_the_same_address_shows_the_picture(browser, sample_site, view):
    address = STAR + "?toi=101.01&curve=1&btjd_min=1326&btjd_max=1332&period_d=2.86074"
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(sample_site + address)
    picture = tab.locator(".curve-view img").first
    picture.scroll_into_view_if_needed()
    assert "/view.png?" in picture.get_attribute("src") and picture.is_visible()
    form = tab.locator(".curve-form").first
    form.get_by_label("Period [d]").fill("1.4")
    form.get_by_role("button", name="Show").click()
    assert "period_d=1.4&" in tab.url and "btjd_min=1326" in tab.url
    context.close()
    view.goto(sample_site + address)
    shows(view, FOLD, "2.86074 d")
    view.emulate_media(media="print")
    assert view.locator(".curve-view picture").first.is_visible() and view.locator(".curve-live").first.is_hidden()


def test_the_fold_the_medians_and_the_axis_of_time_are_right(view):
    """The scripts' own arithmetic, on numbers whose answers are known."""
    view.goto(view.site + STAR)
    found = view.evaluate(
        """async () => {
          const { fold, binMedians, between, zoomed, onGrid } = await import("/static/js/curve-view/folding.js");
          const { Timeline } = await import("/static/js/curve-view/timeline.js");
          const { hours, numbers } = fold([9.5, 10, 12.25, 13.1], { period_d: 2, epoch_btjd: 10 });
          const line = new Timeline([[10, 20], [700, 710]]);
          return {
            hours: [...hours].map((hour) => +hour.toFixed(6)), numbers: [...numbers],
            medians: binMedians([0.1, 0.2, 0.3, 1.5, 9], [3, 1, 2, NaN, 5], 0, 2, 2),
            between: between([1, 2, 3, 4], 2, 3), zoomed: zoomed([0, 10], 0.5, 0, [0, 10], 1),
            grid: [onGrid(1327.1, 1328.9), onGrid(1327.2, 1328.9)],
            places: [line.placeOf(15), line.placeOf(705), line.timeOf(26)],
          };
        }"""
    )
    assert found["hours"] == [-12, 0, 6, -21.6] and found["numbers"] == [0, 0, 1, 2]
    assert found["medians"] == {"x": [0.5], "y": [2]} and found["between"] == [1, 3] and found["zoomed"] == [0, 5]
    assert found["grid"] == [[1326, 1330], [1326, 1330]], "neighboring ranges ask for the same points"
    assert found["places"] == [15, 26, 705], "a gap of years is one day wide"


def test_every_axis_of_time_has_three_labels_on_a_phone(browser, sample_site):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    tab.add_init_script(
        """const draw = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
          const at = this.getTransform().transformPoint({x, y});
          (this.canvas.labels ??= []).push([text, at.y]);
          return draw.call(this, text, x, y);
        };
        const clear = CanvasRenderingContext2D.prototype.clearRect;
        CanvasRenderingContext2D.prototype.clearRect = function (...box) {
          this.canvas.labels = [];
          return clear.apply(this, box);
        };"""
    )
    for choice in ("mode=orbit", *(f"duration_h={hours}" for hours in (1.2, 1.5, 1.8, 2.2, 2.7, 3.3))):
        tab.goto(f"{sample_site}{STAR}?toi=101.01&{choice}")
        shows(tab, FOLD, "1.43037 d")
        shows(tab, STATUS, "medians")
        rows = tab.evaluate(
            """() => [...document.querySelectorAll(".curve-panel canvas")].map((canvas) => {
              const rows = new Map();
              for (const [text, y] of canvas.labels ?? [])
                if (/^[−-]?[0-9.,]+$/.test(text)) rows.set(y, (rows.get(y) ?? new Set()).add(text));
              return Math.max(...[...rows.values()].map((labels) => labels.size));
            })"""
        )
        assert len(rows) == 3 and min(rows) >= 3, (choice, rows)
    context.close()
