"""Settings are read once, checked, and all of them documented."""

from dataclasses import fields
from pathlib import Path

import pytest

from app_tess.config import DEFAULT_SECRET_KEY, PROJECT_ROOT, Config
from app_tess.errors import ConfigurationError

STRONG = "k3J9-vQ2x_Lr8TzW5mNc7YpB4dHs6FgA"
PRODUCTION = {
    "environment": "production",
    "secret_key": STRONG,
    "admin_token": STRONG,
    "trusted_hosts": ("tess.example",),
}


def test_production_starts_with_strong_secrets_and_trusted_hosts():
    assert Config(**PRODUCTION).checked()


SEQUENCE = "abcdefghijklmnopqrstuvwxyz0123456789"
WEAK = ["", "change-me", DEFAULT_SECRET_KEY, "a" * 40, "abc" * 20, "short-but-random-Xq9", "aK3xQz9w" * 5, SEQUENCE]


@pytest.mark.parametrize("name", ["secret_key", "admin_token"])
@pytest.mark.parametrize("weak", WEAK)
def test_production_refuses_a_weak_secret_by_name(name, weak):
    with pytest.raises(ConfigurationError, match=name.upper()):
        Config(**PRODUCTION | {name: weak}).checked()


def test_production_refuses_to_answer_to_any_host():
    with pytest.raises(ConfigurationError, match="TRUSTED_HOSTS"):
        Config(**PRODUCTION | {"trusted_hosts": ()}).checked()


@pytest.mark.parametrize("host", ["*", "*.example", ".", "http://tess.example", "tess.example/", "tess.example:port"])
def test_production_refuses_trusted_hosts_that_match_no_request(host):
    with pytest.raises(ConfigurationError, match="TRUSTED_HOSTS has"):
        Config(**PRODUCTION | {"trusted_hosts": ("tess.example", host)}).checked()


@pytest.mark.parametrize(
    "host", ["tess.example", ".tess.example", "localhost:8000", "127.0.0.1", "[::1]", "[::1]:8000"]
)
def test_production_accepts_host_names_and_ip_addresses(host):
    assert Config(**PRODUCTION | {"trusted_hosts": (host,)}).checked()


@pytest.mark.parametrize("name", ["proxy_hops", "archive_retries", "archive_backoff_s", "update_jitter_s"])
def test_a_negative_number_is_refused(name):
    """PROXY_HOPS=-1 would take the client's address from what the client itself wrote."""
    with pytest.raises(ConfigurationError, match=f"{name.upper()} must not be negative"):
        Config(**{name: -1}).checked()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_postgresql_urls_mean_psycopg2(scheme):
    assert Config(database_url=f"{scheme}://u@h/d").sqlalchemy_url == "postgresql+psycopg2://u@h/d"


def test_without_a_url_the_database_is_sqlite_in_the_instance_folder(tmp_path):
    assert Config(instance_dir=tmp_path).sqlalchemy_url == f"sqlite:///{tmp_path / 'tess.sqlite'}"


def test_a_setting_of_the_wrong_type_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("ARCHIVE_BATCH_SIZE", "many")
    with pytest.raises(ConfigurationError, match="ARCHIVE_BATCH_SIZE"):
        Config.from_env()


@pytest.mark.parametrize(
    ("name", "value"), [("environment", "prod"), ("mast_url", "mast.stsci.edu"), ("archive_timeout_s", 0)]
)
def test_a_senseless_setting_is_refused_by_name(name, value):
    with pytest.raises(ConfigurationError, match=name.upper()):
        Config(**{name: value}).checked()


def test_every_setting_is_in_the_example_file():
    text = (Path(PROJECT_ROOT) / ".env.example").read_text()
    assert [field.name.upper() for field in fields(Config) if f"{field.name.upper()}=" not in text] == []
