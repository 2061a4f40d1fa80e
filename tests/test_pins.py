"""What is installed is pinned, by version and by the SHA-256 of every file, and nothing else is accepted."""

import re
import tomllib

import pytest

from tests.support.imports import ROOT

FILES = sorted(path.name for path in ROOT.glob("requirements*.txt"))
EXTRAS = {"requirements.txt": None} | {
    f"requirements-{extra}.txt": extra for extra in ("train", "store", "survey", "check", "test")
}


def pins(name):
    """Return {package: number of its SHA-256 sums} of a requirements file; a line of another form is an error."""
    found, package = {}, None
    for line in (ROOT / name).read_text(encoding="utf-8").replace(" \\\n", "\n").splitlines():
        if pinned := re.fullmatch(r"([a-z0-9-]+)(\[[a-z,]+\])?==[\w.+!]+( ; .+)?", line):
            package = pinned[1]
            found.setdefault(package, 0)
        else:
            assert package and re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", line), f"{name}: {line}"
            found[package] += 1
    return found


def declared(extra):
    """Return the packages that pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = project["dependencies"] + (project["optional-dependencies"][extra] if extra else [])
    return {re.match(r"[A-Za-z0-9-]+", name)[0] for name in names}


def test_every_requirements_file_is_known():
    assert set(FILES) == {*EXTRAS, "requirements-uv.txt"}


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_with_its_hashes(name):
    assert [package for package, hashes in pins(name).items() if not hashes] == []


@pytest.mark.parametrize(("name", "extra"), EXTRAS.items())
def test_every_declared_package_is_pinned(name, extra):
    assert declared(extra) - pins(name).keys() == set()


def test_the_pinned_installer_is_the_makefiles():
    version = re.search(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert (ROOT / "requirements-uv.txt").read_text(encoding="utf-8").startswith(f"uv=={version} ")


def test_every_installation_requires_the_hashes():
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    installing = [line for line in lines if "pip install" in line]
    assert len(installing) == 2 and [line for line in installing if "--require-hashes" not in line] == []
