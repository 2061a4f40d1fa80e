"""One version, wherever it is written."""

import re
import tomllib

from app_tess.archives.http import USER_AGENT
from tests.support.imports import ROOT


def test_the_version_is_the_same_everywhere():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    latest, released = re.search(r"^## \[([\d.]+)\] - ([\d-]+)$", changelog, re.MULTILINE).groups()
    assert latest == version
    assert f"\nversion: {version}\n" in citation and f'date-released: "{released}"' in citation
    assert f"/{version.rpartition('.')[0]} " in USER_AGENT
