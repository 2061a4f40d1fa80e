"""The list of licenses and the software bill of materials name what is installed, and nothing else."""

import json
import re

import pytest
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator

from docs.software import components, licenses, sbom


@pytest.fixture(scope="module")
def bill():
    return json.loads(sbom.render())


def test_the_page_of_licenses_is_current():
    """On a platform that installs other packages than ours, those that it does not install are not compared."""
    installed = set().union(*(components.pinned(file) for file in (components.SITE, *components.DEVELOPMENT)))
    written = licenses.PAGE.read_text(encoding="utf-8")
    vendored = {component.name for component in components.vendored()}

    found = {name: license_ for name, license_ in rows(written) if name in installed | vendored}
    now = {name: license_ for name, license_ in rows(licenses.render()) if name != "software"}
    assert len(found) > 150 and found == now, "run `make licenses`"
    assert written.startswith(licenses.HEAD)


def rows(page):
    return re.findall(r"^\| ([\w.-]+) \| (.+) \|$", page, re.MULTILINE)


def test_a_package_without_a_license_is_an_error():
    with pytest.raises(LookupError, match="made-up"):
        components._license("made-up", {"License": "Copyright 2026, all rights reserved" * 3} | Metadata())


class Metadata(dict):
    def get_all(self, _name):
        return []

    def __ror__(self, other):
        return Metadata(other)


def test_the_bill_is_valid_cyclonedx(bill):
    validator = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bill)) is None
    broken = bill | {"components": [{"type": "library"}]}
    assert validator.validate_str(json.dumps(broken)) is not None


def test_the_bill_lists_every_pinned_package_and_vendored_script_with_license_and_hashes(bill):
    found = {part["name"]: part for part in bill["components"]}
    pinned = components.pinned(components.SITE)
    assert set(found) == {*pinned, "htmx.org", "uplot"}
    for name, (version, sums) in pinned.items():
        assert found[name]["version"] == version and found[name]["licenses"]
        assert {entry["content"] for entry in found[name]["hashes"]} == set(sums) != set()


def test_the_bill_knows_what_needs_what(bill):
    needs = {entry["ref"].partition("@")[0]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    flask = {ref.partition("@")[0] for ref in needs["pkg:pypi/flask"]}
    assert {"pkg:pypi/werkzeug", "pkg:pypi/jinja2", "pkg:pypi/click"} <= flask


def test_the_vendored_scripts_are_of_the_stated_versions():
    htmx, uplot = components.vendored()
    assert f'version:"{htmx.version}"' in (components.VENDOR / "htmx/htmx.min.js").read_text(encoding="utf-8")
    assert f"(v{uplot.version})" in (components.VENDOR / "uplot/uPlot.iife.min.js").read_text(encoding="utf-8")
    folders = {path.name for path in components.VENDOR.iterdir() if path.is_dir()}
    assert folders == {"htmx", "uplot"} and len(htmx.sha256) == 1 and len(uplot.sha256) == 2
