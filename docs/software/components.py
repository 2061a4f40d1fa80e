"""The software of others that the site uses: pinned packages, and scripts that are copied into the repository."""

import hashlib
import re
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
SITE = "requirements.txt"
DEVELOPMENT = ("requirements-train.txt", "requirements-survey.txt", "requirements-check.txt", "requirements-test.txt")
VENDOR = ROOT / "app_tess" / "static" / "vendor"

LONGEST_NAME = 60
"""Characters: a longer `License` field is the text of the license."""

BY_HAND = {
    "namex": "Apache-2.0",
}
"""Licenses of packages whose metadata names none, as their LICENSE files state."""


@dataclass(frozen=True)
class Component:
    """A package or a vendored library.

    Attributes
    ----------
    purl : str
        Package URL (https://github.com/package-url/purl-spec).
    sha256 : list of str
        Of every file that may be installed as this version.
    needs : list of str
        Names of the components that it requires.
    """

    name: str
    version: str
    license: str
    purl: str
    homepage: str
    sha256: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)


def pinned(file: str) -> dict[str, tuple[str, list[str]]]:
    """Return {package: (version, SHA-256 sums)} of what a requirements file installs on this platform."""
    found: dict[str, tuple[str, list[str]]] = {}
    current: list[str] = []
    for line in (ROOT / file).read_text(encoding="utf-8").replace(" \\\n", "\n").splitlines():
        if line.startswith("    --hash=sha256:"):
            current.append(line.rpartition(":")[2])
            continue
        requirement, _, marker = line.partition(" ; ")
        name, _, version = requirement.partition("==")
        current = []
        if not marker or Marker(marker).evaluate():
            found[re.sub(r"\[.*\]", "", name)] = (version, current)
    return found


def packages(file: str) -> list[Component]:
    """Return what a requirements file installs on this platform, described by the installed metadata.

    Raises
    ------
    LookupError
        A package is not installed, or its metadata names no license.
    """
    versions = pinned(file)
    return [_package(name, version, sums, versions.keys()) for name, (version, sums) in versions.items()]


def _package(name, version, sums, known):
    try:
        found = distribution(name)
    except PackageNotFoundError as error:
        raise LookupError(f"{name} is not installed: run `make test` once.") from error
    needs = {
        canonicalize_name(requirement.name)
        for requirement in map(Requirement, found.requires or [])
        if not requirement.marker or requirement.marker.evaluate({"extra": ""})
    }
    return Component(
        name,
        version,
        _license(name, found.metadata),
        f"pkg:pypi/{name}@{version}",
        _homepage(found.metadata),
        sums,
        sorted(needs & set(known)),
    )


def _license(name, metadata):
    classifiers = [
        text.rpartition(" :: ")[2] for text in metadata.get_all("Classifier") or [] if text.startswith("License :: ")
    ]
    stated = (metadata.get("License") or "").strip()
    short = stated if len(stated) <= LONGEST_NAME and "\n" not in stated and not stated.startswith("Copyright") else ""
    found = metadata.get("License-Expression") or short or "; ".join(dict.fromkeys(classifiers)) or BY_HAND.get(name)
    if not found:
        raise LookupError(f"The metadata of {name} names no license: read its LICENSE and add it to BY_HAND.")
    return found


def _homepage(metadata):
    links = dict(link.split(", ", 1) for link in metadata.get_all("Project-URL") or [])
    preferred = ("Homepage", "homepage", "Home", "Source", "Source Code", "source", "Repository", "repository")
    return metadata.get("Home-page") or next((links[name] for name in preferred if name in links), "")


def vendored() -> list[Component]:
    """Return the libraries in app_tess/static/vendor, as its README lists them."""
    rows = re.findall(
        r"^\| `(\w+)` \|[^|]*\| ([\d.]+), `([^`]+)` on npm, [^(]*\(([^)]+)\) \|$",
        (VENDOR / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return [
        Component(
            package,
            version,
            license_,
            f"pkg:npm/{package}@{version}",
            "",
            [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((VENDOR / folder).glob("*.*"))],
        )
        for folder, version, package, license_ in rows
    ]
