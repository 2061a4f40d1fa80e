"""Next transits: the pages, the calendar and the plot."""

import re
import time
from urllib.parse import urlencode

import icalendar
import pytest
from sqlalchemy import select, update

from app_tess.storage.database import db
from app_tess.storage.models import Star, Toi
from tests.support.loaded import commit_as_a_new_version, loaded_app

DATE = "2026-08-01"


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("transits"), shared_sample_archive) as app:
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def star(app):
    """A star with a short period, and a place that sees it well."""
    with app.app_context():
        return db.session.execute(
            select(Toi.tic_id, Toi.toi, Star.dec_deg, Star.ra_deg)
            .join(Star, Star.tic_id == Toi.tic_id)
            .where(Toi.period_d.between(0.5, 4), Toi.duration_h > 0, Toi.epoch_err_d > 0, Toi.period_err_d > 0)
            .order_by(Toi.period_d)
        ).first()


@pytest.fixture
def place(star):
    return {
        "lat": f"{max(-55, min(55, star.dec_deg)):.2f}",
        "lon": "20",
        "elevation": "1500",
        "nights": 90,
        "date": DATE,
    }


def test_a_star_page_lists_transits_with_times_errors_and_a_plot(client, star, place):
    page = client.get(f"/stars/{star.tic_id}/transits?{urlencode(place)}")
    assert page.status_code == 200
    assert f"TOI-{star.toi}" in page.text and "± " in page.text and "Moon" in page.text
    picture = re.search(r'<img src="([^"]+altitude\.png[^"]*)" srcset="[^"]+" alt="([^"]+)"', page.text)
    assert "mid-transit" in picture[2]
    png = client.get(picture[1].replace("&amp;", "&"))
    assert (
        png.mimetype == "image/png" and png.data.startswith(b"\x89PNG") and "mid-transit" in png.headers["X-Alt-Text"]
    )
    assert (
        client.get(picture[1].replace("&amp;", "&"), headers={"If-None-Match": png.headers["ETag"]}).status_code == 304
    )


def test_the_calendar_keeps_the_rules_of_rfc_5545(client, star, place):
    address = f"/stars/{star.tic_id}/transits.ics?{urlencode(place)}"
    response = client.get(address)
    assert response.mimetype == "text/calendar"
    text = response.get_data(as_text=True)
    lines = text.split("\r\n")
    assert (
        lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""] and "\n" not in text.replace("\r\n", "")
    )
    assert all(len(line.encode()) <= 75 for line in lines)
    events = icalendar.Calendar.from_ical(response.data).events
    assert events and len({str(event["UID"]) for event in events}) == len(events)
    for event in events:
        assert event.errors == [] and event.DTSTAMP.tzname() == event.start.tzname() == event.end.tzname() == "UTC"
        assert event.start < event.end and str(event["SUMMARY"]).startswith(f"TOI-849 b (TOI-{star.toi}) transit")
        assert "1-sigma timing error" in event["DESCRIPTION"] and str(event["URL"]).endswith(f"/stars/{star.tic_id}")
        assert event["GEO"].longitude == 20
    assert client.get(address).data == response.data


def _events(client, star, place):
    response = client.get(f"/stars/{star.tic_id}/transits.ics?{urlencode(place)}")
    events = icalendar.Calendar.from_ical(response.data).events
    return {event.start: str(event["UID"]) for event in events}


def test_a_re_referenced_epoch_updates_the_events_of_a_calendar(app, client, star, place):
    before = _events(client, star, place)
    with app.app_context():
        toi = db.session.execute(select(Toi.epoch_btjd, Toi.period_d).where(Toi.toi == star.toi)).one()
        later = toi.epoch_btjd + 200 * toi.period_d
        db.session.execute(update(Toi).where(Toi.toi == star.toi).values(epoch_btjd=later, epoch_number=None))
        commit_as_a_new_version()
    after = _events(client, star, place)
    with app.app_context():
        db.session.execute(update(Toi).where(Toi.toi == star.toi).values(epoch_btjd=toi.epoch_btjd))
        commit_as_a_new_version()
    assert len(before) > 5 and list(after.values()) == list(before.values())
    elsewhere = _events(client, star, place | {"lon": "21"})
    assert elsewhere and not set(elsewhere.values()) & set(before.values())


@pytest.fixture
def with_period(app, star):
    """A function that gives the star's TOI another period."""

    def store(period_d):
        with app.app_context():
            db.session.execute(update(Toi).where(Toi.toi == star.toi).values(period_d=period_d))
            commit_as_a_new_version()

    with app.app_context():
        before = db.session.scalar(select(Toi.period_d).where(Toi.toi == star.toi))
    yield store
    store(before)


def test_a_single_transit_is_a_sentence(client, star, place, with_period):
    with_period(None)
    page = client.get(f"/stars/{star.tic_id}/transits?{urlencode(place)}")
    assert page.status_code == 200 and f"TOI-{star.toi} is a single transit" in page.text


@pytest.mark.parametrize("period_d", [1e-9, 1e-4, 0.02])
def test_below_the_shortest_period_nothing_is_predicted_and_the_pages_say_why(
    client, star, place, with_period, period_d
):
    with_period(period_d)
    reason = f"A period of {period_d:.6g} d is shorter than 37 minutes"
    began = time.process_time()
    page = client.get(f"/stars/{star.tic_id}/transits?{urlencode(place)}")
    calendar = client.get(f"/stars/{star.tic_id}/transits.ics?{urlencode(place)}")
    tonight = client.get(f"/tonight?{urlencode(place | {'nights': 3, 'min_probability': 0})}")
    assert time.process_time() - began < 10, "seconds, where 40 were spent"
    assert page.status_code == calendar.status_code == tonight.status_code == 200
    assert reason in page.text and "<time" not in page.text and "BEGIN:VEVENT" not in calendar.text
    assert reason in client.get(f"/stars/{star.tic_id}").text
    folded = client.get(f"/stars/{star.tic_id}/tois/{star.toi}/folded.png", headers={"Accept": "application/json"})
    assert folded.status_code < 500 and reason in folded.json["error"]["message"]


def test_no_request_lists_or_computes_more_transits_than_it_shows(client, star, place, with_period):
    with_period(0.03)
    began = time.process_time()
    page = client.get(f"/stars/{star.tic_id}/transits?{urlencode(place)}")
    assert time.process_time() - began < 10, "seconds, where 40 were spent"
    assert page.text.count("<time") == 300 and "Only the first 300 transits are listed" in page.text


@pytest.fixture(params=[("epoch_err_d", None), ("epoch_err_d", 0.0), ("period_err_d", 0.0)])
def without_error(app, star, request):
    """Take an error of the star's ephemeris away: blank, or 0 as catalogues have it."""
    column, value = request.param
    with app.app_context():
        errors = db.session.execute(select(Toi.epoch_err_d, Toi.period_err_d).where(Toi.toi == star.toi)).one()
        db.session.execute(update(Toi).where(Toi.toi == star.toi).values({column: value}))
        commit_as_a_new_version()
    yield
    with app.app_context():
        db.session.execute(update(Toi).where(Toi.toi == star.toi).values(errors._asdict()))
        commit_as_a_new_version()


def test_where_an_error_is_unknown_page_and_calendar_say_that_no_timing_error_is_available(
    client, star, place, without_error
):
    page = client.get(f"/stars/{star.tic_id}/transits?{urlencode(place)}").text
    assert "<td>not available</td>" in page and "± " not in page
    calendar = client.get(f"/stars/{star.tic_id}/transits.ics?{urlencode(place)}").text.replace("\r\n ", "")
    assert "1-sigma timing error not available" in calendar
    assert "(timing error not available)" in calendar or "partial\\, timing error not available" in calendar
    assert "no timing error available" in client.get(f"/stars/{star.tic_id}").text


def test_tonight_lists_a_candidate_without_timing_error_on_request_only(client, star, place, all_open, without_error):
    night = re.search(r'<time datetime="([^T]+)', client.get(f"/stars/{star.tic_id}/transits?{urlencode(place)}").text)[
        1
    ]
    chosen = place | {"nights": 3, "date": night, "min_probability": 0, "max_error": 100_000}
    address = f"/tonight?{urlencode(chosen)}"
    page = client.get(address).text
    assert f">TOI-{star.toi}<" not in page and "without a timing error" in page
    page = client.get(f"{address}&unknown_error=yes").text
    assert f">TOI-{star.toi}<" in page and "<td>not available</td>" in page
    assert f"TOI-{star.toi}" not in client.get(address.replace("/tonight", "/tonight.ics")).text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("site=Atlantis", "site"),
        ("lat=5", "lat"),
        ("lon=5", "lon"),
        ("lat=91&lon=0", "lat"),
        ("lat=x&lon=0", "lat"),
        ("nights=0", "nights"),
        ("nights=1000", "nights"),
        ("nights=1.5", "nights"),
        ("date=yesterday", "date"),
        ("date=1066-10-14", "date"),
        ("moon=full", "moon"),
        ("min_altitude=95", "min_altitude"),
        ("lat=1&lon=1&elevation=1e9", "elevation"),
        ("min_probability=2", "min_probability"),
    ],
)
@pytest.mark.parametrize("path", ["/tonight", "/tonight.ics", "/stars/{}/transits"])
def test_bad_input_is_400_and_names_the_field(client, star, path, query, field):
    response = client.get(f"{path.format(star.tic_id)}?{query}", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert response.json["error"]["message"].startswith(field)


def test_a_star_that_is_not_there_is_404(client):
    assert client.get("/stars/5/transits").status_code == 404


def test_no_night_to_draw_is_404_with_a_sentence(client, star):
    response = client.get(
        f"/stars/{star.tic_id}/altitude.png?toi=0.01&date={DATE}", headers={"Accept": "application/json"}
    )
    assert response.status_code == 404 and "no night to plot" in response.json["error"]["message"]


def test_tonight_lists_open_candidates_quickly(client):
    client.get(f"/tonight?date={DATE}")
    began = time.process_time()
    found = ""
    for site in ("Paranal", "La Palma", "Siding Spring", "Mauna Kea"):
        found += client.get(f"/tonight?site={site}&date={DATE}&nights=3&unknown_error=yes").text
    assert time.process_time() - began < 20
    assert "TOI-" in found
    for banned in ("badge-planet", "badge-false"):
        assert banned not in found


@pytest.fixture
def all_open(app):
    """The sample has few candidates that are still open: take every verdict back for a while."""
    with app.app_context():
        verdicts = {
            row.toi: row.tfopwg_disposition for row in db.session.execute(select(Toi.toi, Toi.tfopwg_disposition))
        }
        db.session.execute(update(Toi).values(tfopwg_disposition=None))
        commit_as_a_new_version()
        yield
        for toi, verdict in verdicts.items():
            db.session.execute(update(Toi).where(Toi.toi == toi).values(tfopwg_disposition=verdict))
        commit_as_a_new_version()


def test_tonight_shows_the_most_probable_first_or_goes_by_time(client, all_open):
    def middles(order):
        page = client.get(
            f"/tonight?site=Paranal&date={DATE}&nights=3&min_probability=0&max_error=1000&unknown_error=yes&order={order}"
        ).text
        return re.findall(r'<time datetime="([^"]+)"', page), re.findall(
            r'class="score-number">(&gt; |&lt; |)([0-9.]+) %', page
        )

    by_time, by_merit = middles("time"), middles("merit")
    assert len(by_time[0]) > 3 and by_time[0] == sorted(by_time[0]) and sorted(by_merit[0]) == by_time[0]
    shown = [float(number) for _, number in by_merit[1]]
    assert shown == sorted(shown, reverse=True)


def test_where_the_sun_does_not_set_the_page_says_so(client, star):
    for path in ("/tonight", f"/stars/{star.tic_id}/transits"):
        page = client.get(f"{path}?lat=78.2&lon=15.6&date=2026-06-20&nights=1")
        assert page.status_code == 200 and "The Sun stays above −12°" in page.text


@pytest.mark.parametrize("query", ["order=mood", "max_error=-1", "max_error=x", "unknown_error=perhaps"])
def test_tonight_refuses_what_makes_no_sense(client, query):
    response = client.get(f"/tonight?{query}", headers={"Accept": "application/json"})
    assert response.status_code == 400 and response.json["error"]["message"].startswith(query.split("=")[0])


def test_tonight_works_without_scores(tmp_path, make_app):
    from app_tess.config import Config

    client = make_app(Config(instance_dir=tmp_path)).test_client()
    assert client.get("/tonight").status_code == 200
    assert client.get("/tonight.png").status_code == 404
    assert client.get("/tonight.ics").status_code == 200
