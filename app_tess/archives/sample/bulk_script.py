"""The script with which MAST offers all light curves of a sector."""

from collections.abc import Iterable
from typing import Any

from app_tess.archives.bulk_scripts import parse_script, script_name
from app_tess.errors import MissingData


def bulk_script(observations: Iterable[dict[str, Any]], sector: int, base_url: str) -> bytes:
    """Return the script of a sector as MAST writes it; MissingData where no light curve of it is listed."""
    lines = []
    for row in observations:
        uri = row["dataURL"]
        line = f"curl -C - -L -o {uri.rsplit('/', 1)[-1]} {base_url}/api/v0.1/Download/file/?uri={uri}"
        if parse_script(line, sector):
            lines.append(line)
    if not lines:
        raise MissingData(f"{script_name(sector)} is not among the files of this archive.")
    return "\n".join(["#!/bin/sh", *lines, ""]).encode()
