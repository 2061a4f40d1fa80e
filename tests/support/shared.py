"""Where the development data lies; a test that needs it is skipped, with a sentence, where it is absent."""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("TESS_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))


def shared_path(relative):
    path = ROOT / relative
    if not path.exists():
        pytest.skip(f"../shared/{relative} is not on this machine")
    return path
