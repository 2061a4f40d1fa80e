"""Attacks on the site, each of which fails: `docs/reference/access.md` states the rules."""

import dataclasses
import re
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from sqlalchemy import func, select, update

from app_tess.config import Config
from app_tess.storage import listing
from app_tess.storage.database import db
from app_tess.storage.models import Toi
from app_tess.storage.run_models import Run
from app_tess.web.http.limits import POSTS, VISITOR_RUNS, WRONG_TOKENS, Counters, Limit
from tests.support import catalogues
from tests.support.catalogues import TRIO, WASP46

TOKEN = "a4-token-Of-32-Characters-or-more"
ATTACKER, OTHER = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.9"}
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def site(tmp_path, make_app):
    """A function that returns the application with these settings and a small catalogue."""

    def make(**settings):
        app = make_app(Config(instance_dir=tmp_path, admin_token=TOKEN, **settings))
        with app.app_context():
            catalogues.fill()
        return app

    return make


@pytest.fixture
def client(site):
    return site().test_client()


def bearer(token, path="/reset"):
    return {"path": path, "headers": {"Authorization": f"Bearer {token}"}, "environ_base": ATTACKER}


def form_token(client, path="/reset", **who):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path, **who).text)[1]


def count_runs(client):
    with client.application.app_context():
        return db.session.scalar(select(func.count()).select_from(Run))


def test_guessing_the_token_is_stopped_and_logged_and_locks_nobody_else_out(client, caplog):
    statuses = [client.post(**bearer(f"guess-{number}")).status_code for number in range(30)]
    assert statuses == [403] * WRONG_TOKENS.most + [429] * (30 - WRONG_TOKENS.most)
    assert sum("203.0.113.7 sent a wrong token" in record.message for record in caplog.records) == WRONG_TOKENS.most
    assert "guess-" not in caplog.text
    blocked = client.post(**bearer(TOKEN))
    assert blocked.status_code == 429 and 0 < int(blocked.headers["Retry-After"]) <= WRONG_TOKENS.window_s
    assert count_runs(client) == 0
    assert client.post(**bearer(TOKEN) | {"environ_base": OTHER}).status_code == 303


def test_a_forged_address_does_not_reset_the_count(client):
    forged = ("X-Forwarded-For", "X-Real-IP", "Forwarded")
    for number in range(WRONG_TOKENS.most + 1):
        request = bearer("guess")
        request["headers"] |= dict.fromkeys(forged, f"192.0.2.{number}")
        answer = client.post(**request)
    assert answer.status_code == 429


def test_posts_are_limited_and_pages_are_not(client):
    statuses = [client.post("/theme", data={"theme": "dark"}).status_code for _ in range(POSTS.most + 2)]
    assert statuses == [303] * POSTS.most + [429] * 2
    assert client.get("/").status_code == 200


def test_processes_share_their_counts_and_one_without_the_file_counts_alone(tmp_path):
    limit = Limit("tests", 5, 60)
    first, second = (Counters(tmp_path / "limits.sqlite") for _ in range(2))
    assert [counters.add(limit, "a", moment=0)[0] for counters in (first, second, first)] == [1, 2, 3]
    assert second.add(limit, "b", moment=0)[0] == 1
    assert first.add(limit, "a", amount=0, moment=59) == (3, 1)
    assert first.add(limit, "a", moment=60)[0] == 1
    alone = Counters(tmp_path / "no such folder" / "limits.sqlite")
    assert [alone.add(limit, "a", moment=0)[0] for _ in range(2)] == [1, 2]


def test_concurrent_requests_are_all_counted(tmp_path):
    limit, at_once = Limit("tests", 5, 60), threading.Barrier(4)
    counters = Counters(tmp_path / "limits.sqlite")

    def add(_):
        at_once.wait(5)
        return [counters.add(limit, "a", moment=0)[0] for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        assert sorted(chain.from_iterable(pool.map(add, range(4)))) == list(range(1, 21))


def test_another_sites_form_starts_nothing(client):
    client.get("/reset")  # a developer's own browser, with its session cookie
    for data in ({}, {"csrf_token": "x"}, {"csrf_token": form_token(client.application.test_client())}):
        assert client.post("/reset", data=data, headers={"Origin": "https://evil.example"}).status_code == 403
    assert count_runs(client) == 0


def test_cookies_are_for_this_site_only_and_for_no_script(site):
    production = site(environment="production", secret_key=TOKEN[::-1], trusted_hosts=("tess.example.org",))
    client, address = production.test_client(), {"base_url": "https://tess.example.org"}
    cookies = [
        client.get("/reset", **address).headers["Set-Cookie"],
        client.get("/?columns=toi", **address).headers["Set-Cookie"],
        client.post("/theme", data={"theme": "dark"}, **address).headers["Set-Cookie"],
    ]
    for cookie in cookies:
        assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax")), cookie


def test_browsers_keep_to_tls_once_they_have_used_it(client):
    assert client.get("/", base_url="https://localhost").headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in client.get("/", base_url="http://localhost").headers


@pytest.mark.parametrize("address", ["/", f"/stars/{WASP46}", "/no such page", "/api/v1/tois", "/static/icon.svg"])
def test_no_response_may_be_framed_sniffed_or_run_scripts_of_others(client, address):
    headers = client.get(address).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
    assert headers["Referrer-Policy"] == "same-origin" and "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/", f"/stars/{TRIO}", "/tonight", "/model", "/reset", "/api/docs", "/operations"])
def test_no_page_needs_an_inline_script_or_style(client, address):
    page = client.get(address).text
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page) and not re.search(r"<style\b|\sstyle=", page)
    assert not re.search(r"\son[a-z]+=", re.sub(r'"[^"]*"', '""', page))


@pytest.mark.parametrize(
    "address", ["/?q={}", "/?sort={}", "/no/{}", "/stars/1/tois/{}/folded.png", "/changes?kind={}"]
)
def test_a_script_in_an_address_is_shown_as_text(client, address):
    assert SCRIPT not in client.get(address.format(SCRIPT)).text


def test_a_script_in_the_catalogue_is_shown_as_text(client):
    hostile = f"""x'"> & {SCRIPT}"""
    with client.application.app_context():
        db.session.execute(update(Toi).values(planet_name=hostile, comments=hostile))
        listing.rebuild()
        db.session.commit()
    for address in (f"/stars/{WASP46}", "/", "/?columns=all&sort=tmag", "/?q=x"):
        page = client.get(address).text
        assert SCRIPT not in page and "x'" not in page, address
        assert "x&#39;&#34;&gt; &amp; &lt;script&gt;" in page, address


@pytest.mark.parametrize(
    "name", ["..%2F..%2Ftess.sqlite", "%2Fetc%2Fpasswd", "....//tess.sqlite", "tess.sqlite%00.png"]
)
def test_no_file_beyond_the_products_can_be_read(client, name):
    for address in (f"/stars/{WASP46}/sectors/{name}.png", f"/stars/{WASP46}/validation/{name}", f"/static/{name}"):
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 404 and b"SQLite format" not in answer.data, address


def test_a_line_end_in_an_address_makes_no_header(client):
    answer = client.post("/theme", data={"theme": "dark", "next": "/\r\nSet-Cookie: x=1"})
    assert answer.headers["Location"] == "/" and "x=1" not in str(answer.headers)
    answer = client.get("/?q=%0d%0aSet-Cookie:%20x=1")
    assert "Set-Cookie" not in answer.headers


def test_a_get_with_another_methods_name_changes_nothing(client):
    for headers in ({"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "POST"}):
        client.get("/reset?_method=POST", headers=headers | {"Authorization": f"Bearer {TOKEN}"})
    assert count_runs(client) == 0


def vet_as_a_visitor(client, tic_id=WASP46, who=ATTACKER):
    token = form_token(client, "/reset", environ_base=who)
    return client.post(f"/stars/{tic_id}/vet", data={"csrf_token": token}, environ_base=who)


def test_visitors_may_not_vet_unless_it_is_enabled(client):
    assert vet_as_a_visitor(client).status_code == 403 and count_runs(client) == 0


def test_where_it_is_enabled_visitors_may_vet_a_star_and_start_nothing_else(site):
    client = site(visitors_may_vet=True).test_client()
    assert vet_as_a_visitor(client).status_code == 303 and count_runs(client) == 1
    token = form_token(client, "/reset", environ_base=ATTACKER)
    for path in ("/reset", "/predict", "/runs/1/cancel"):
        assert client.post(path, data={"csrf_token": token}, environ_base=ATTACKER).status_code == 403, path
    assert client.post(f"/stars/{TRIO}/vet", environ_base=ATTACKER).status_code == 403, "without a CSRF token"


def test_visitors_have_a_quota_of_the_queue_of_the_disk_and_of_runs(site, monkeypatch):
    app = site(visitors_may_vet=True, visitor_queue=1)
    client = app.test_client()
    assert vet_as_a_visitor(client, WASP46).status_code == 303
    full = vet_as_a_visitor(client, TRIO)
    assert full.status_code == 503 and full.headers["Retry-After"] and "waiting to be vetted" in full.text
    app.config["TESS"] = dataclasses.replace(app.config["TESS"], visitor_queue=100)
    free = shutil.disk_usage(app.instance_path)._replace(free=999_000_000)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _path: free)
        assert "almost full" in vet_as_a_visitor(client, TRIO).text
    assert count_runs(client) == 1
    statuses = [vet_as_a_visitor(client, TRIO).status_code for _ in range(VISITOR_RUNS.most)]
    assert statuses == [303] * (VISITOR_RUNS.most - 1) + [429]
