"""Log lines name the request and the run they belong to, and hold no secret, whatever was logged."""

import json
import logging
import sys
import time

import pytest

from app_tess import logs
from app_tess.config import Config

TOKEN, KEY, METRICS, PASSWORD = (
    "tok-9fK3pQ7vX2mL8sR4wZ6y",
    "key-Qm4Tz8Lx2Vb6Nc9Rf3Hj",
    "met-Ws5Gk1Yd7Pt3Ub9Ea2Cn",
    "p%40ss-Xw7Dk2Jh",
)
CONFIG = Config(
    secret_key=KEY,
    admin_token=TOKEN,
    metrics_token=METRICS,
    database_url=f"postgresql://tess:{PASSWORD}@db.example/tess",
)
FORMS = {"human": logs.HumanFormatter, "json": logs.JsonFormatter}


@pytest.fixture(params=FORMS)
def line(request):
    """Formats one record as the site would."""
    formatter = FORMS[request.param](logs.Redactor(CONFIG.secrets))

    def format_(message, *args, error=None, **extra):
        exc_info = (type(error), error, None) if error else None
        record = logging.LogRecord("app_tess.test", logging.WARNING, "file.py", 1, message, args, exc_info)
        vars(record).update(extra)
        return formatter.format(record)

    return format_


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"token {TOKEN} is wrong", TOKEN),
        (f"signed with {KEY}", KEY),
        (f"scraped with {METRICS}", METRICS),
        (f"cannot connect to {CONFIG.database_url}", PASSWORD),
        ("cannot connect to postgresql+psycopg2://other:short@127.0.0.1:5432/tess", "short"),
        ("redis://:hunter2@cache.example/0", "hunter2"),
        ("the password p@ss-Xw7Dk2Jh was refused", "p@ss-Xw7Dk2Jh"),
        ("invalid dsn: host=db.example user=tess password=hunter2 dbname=tess", "hunter2"),
        ("dsn: password='two words' host=db", "two words"),
        ("Authorization: Bearer guessed-token-of-a-stranger", "guessed-token"),
        ("{'Authorization': 'Basic dXNlcjpwYXNzd29yZA=='}", "dXNlcjpwYXNzd29yZA"),
        ("got Bearer guessed-token-of-a-stranger from 10.0.0.1", "guessed-token"),
        ("Cookie: session=eyJjc3JmIjoiYSJ9.Z0; theme=dark", "eyJjc3JmIjoiYSJ9"),
        ("Set-Cookie: session=eyJjc3JmIjoiYSJ9.Z0; HttpOnly", "eyJjc3JmIjoiYSJ9"),
        ("headers {'Cookie': 'session=eyJjc3JmIjoiYSJ9.Z0'}", "eyJjc3JmIjoiYSJ9"),
        ("session=eyJjc3JmIjoiYSJ9.Z0 has expired", "eyJjc3JmIjoiYSJ9"),
        ("form {'admin_token': 'guessed', 'csrf_token': 'IjQ5MmU'}", "guessed"),
        ("form {'admin_token': 'guessed', 'csrf_token': 'IjQ5MmU'}", "IjQ5MmU"),
        ("GET /reset?admin_token=guessed&x=1", "guessed"),
        ('{"api_key": "guessed"}', "guessed"),
    ],
)
def test_no_secret_is_in_a_line(line, text, secret):
    assert secret not in line(text)
    assert secret not in line("%s", text)
    assert secret not in line("failed", error=ValueError(text))
    assert secret not in line("failed", detail=text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /stars/231663901 200 in 12 ms",
        "exofop.example answered 503 after 4 retries (https://exofop.example/tess/download_toi.php?sort=toi).",
        "run 12 (reset) failed: tess answered at http://127.0.0.1:8000/",
    ],
)
def test_a_line_without_a_secret_stays_as_it_is(line, text):
    assert text in line(text)


def test_a_line_names_its_request_and_its_run(line):
    logs.request_id.set("f00dfeedf00dfeed")
    try:
        # A number longer than any process id: a line also names its process and the time.
        with logs.in_run(9876543210):
            assert all(part in line("working") for part in ("f00dfeedf00dfeed", "9876543210"))
        assert "9876543210" not in line("working")
    finally:
        logs.request_id.set("")
    assert "f00d" not in line("working")


def test_a_json_line_is_one_object_with_the_callers_fields():
    record = logging.LogRecord("app_tess.test", logging.INFO, "f.py", 1, "two\nlines", (), None)
    record.status, record.value = 404, object
    text = logs.JsonFormatter(logs.Redactor()).format(record)
    found = json.loads(text)
    assert "\n" not in text and found["message"] == "two\nlines" and found["status"] == 404
    assert (found["level"], found["logger"]) == ("INFO", "app_tess.test") and found["time"].endswith("+00:00")


def test_an_address_cannot_forge_a_second_line():
    record = logging.LogRecord("x", logging.INFO, "f.py", 1, "GET %s", ("/\n2026 INFO forged\x1b[2J\u2028",), None)
    text = logs.HumanFormatter(logs.Redactor()).format(record)
    assert len(text.splitlines()) == 1 and "\x1b" not in text


def test_configuring_twice_writes_each_line_once(capsys, monkeypatch):
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    level = root.level
    try:
        logs.configure("human", [])
        logs.configure("json", CONFIG.secrets)
        logging.getLogger("app_tess.any").info("with %s", TOKEN)
    finally:
        root.setLevel(level)
        logging.captureWarnings(False)
    (text,) = capsys.readouterr().err.splitlines()
    assert json.loads(text)["message"] == "with ***" and sys.stderr


@pytest.mark.parametrize("part", ["x", "token", "token=", "token ", "a://", "a://b:", "session-", "bearer ", "cookie"])
def test_a_long_line_is_redacted_in_a_time_proportional_to_its_length(part):
    redact = logs.Redactor(["a secret value"])
    began = time.process_time()
    redact(part * (200_000 // len(part)))
    assert time.process_time() - began < 10  # a quadratic pattern takes minutes
