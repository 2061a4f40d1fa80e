"""Settings are read once, checked, and all of them documented."""

from dataclasses import fields
from pathlib import Path

import pytest

from app_tess.config import PROJECT_ROOT, Config
from app_tess.errors import ConfigurationError


def test_production_refuses_the_default_secret_key():
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        Config(environment="production").checked()
    assert Config(environment="production", secret_key="a" * 40).checked()


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
