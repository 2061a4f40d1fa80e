"""The container, the compose file and the Procfile run the same processes with settings that exist."""

import json
import re
from dataclasses import fields

import pytest
import yaml

from app_tess.config import Config
from tests.support.imports import ROOT

CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
SETTINGS = {field.name.upper() for field in fields(Config)}
OF_THE_PROCFILE = {"HOST", "PORT", "WEB_CONCURRENCY"}
OF_THE_SYSTEM = {"PATH", "HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]


def processes():
    return dict(re.findall(r"^(\w+): (.+)$", (ROOT / "Procfile").read_text(encoding="utf-8"), re.MULTILINE))


def instructions(name):
    return re.findall(rf"^{name} (.+)$", CONTAINERFILE, re.MULTILINE)


def test_every_process_of_the_procfile_is_a_service_that_runs_it(services):
    assert processes().keys() == services.keys() - {"database"}
    for name in processes():
        assert services[name]["command"][:2] == ["honcho", "start"] and services[name]["command"][-1] == name
    assert json.loads(instructions("CMD")[-1]) == services["web"]["command"]


def test_only_settings_that_exist_are_set(services):
    set_here = set(re.findall(r"(\w+)=", instructions("ENV")[0]))
    assert set_here <= SETTINGS | OF_THE_PROCFILE | OF_THE_SYSTEM
    for name in processes():
        assert services[name]["environment"].keys() <= SETTINGS | OF_THE_PROCFILE


def test_nothing_runs_as_root_or_may_change_its_root_file_system(services):
    assert instructions("USER") == ["10001"]
    assert all(service["read_only"] and "/tmp" in service["tmpfs"] for service in services.values())
    assert all(services[name]["cap_drop"] == ["ALL"] for name in processes())


def test_the_base_is_one_pinned_version_and_all_that_is_copied_exists():
    bases = {base.split(" ")[0] for base in instructions("FROM")}
    assert len(bases) == 1 and re.search(r":\d+\.\d+\.\d+-", bases.pop())
    copied = [word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied and all((ROOT / word).exists() and f"!{word}" in ignored for word in copied)
    assert [line for line in instructions("RUN") if "pip install" in line and "--require-hashes" not in line] == []


def test_no_secret_is_written_into_the_files(services):
    for service in services.values():
        secret = {name: value for name, value in service["environment"].items() if re.search("SECRET|TOKEN|PASS", name)}
        assert secret and all(value.startswith("${") and ":?" in value for value in secret.values())
    assert not re.search("SECRET_KEY|ADMIN_TOKEN|PASSWORD", CONTAINERFILE)
