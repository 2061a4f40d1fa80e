"""What the sample archive serves with --data: real tables and files from a folder.

The folder holds toi.csv (as ExoFOP or the NASA Exoplanet Archive exports it), tic.csv (TIC column names, one row a
star), products.csv (target_name, dataURL) and, if there are any, planets.csv (an export of the NASA Exoplanet Archive's
`pscomppars`) and files/<name>.fits.
"""

import csv
import re
from pathlib import Path
from typing import Any

from app_tess.archives.sample.mast_columns import TIC_FIELDS
from app_tess.archives.sample.observations import observation_row
from app_tess.errors import ConfigurationError, MissingData

_TIC_TYPES = dict(TIC_FIELDS)


class FolderContents:
    """Tables and files of a folder, read once."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.description = f"files of {self.folder.resolve().name}"
        if not self.folder.is_dir():
            raise ConfigurationError(f"--data {folder}: there is no such folder.")
        for name in ("toi.csv", "tic.csv", "products.csv"):
            if not (self.folder / name).is_file():
                raise ConfigurationError(f"--data {folder}: {name} is missing in this folder.")

    def toi_csv(self) -> bytes:
        """Return the TOI table, as bytes."""
        return (self.folder / "toi.csv").read_bytes()

    def planets(self) -> list[dict[str, str]]:
        """Return the rows of planets.csv, an export of `pscomppars`; none without that file."""
        return self._read("planets.csv", ("pl_name", "tic_id")) if (self.folder / "planets.csv").is_file() else []

    def tic_rows(self) -> list[dict[str, Any]]:
        """Return the TIC rows as dicts by MAST's column names; numbers as numbers, blanks as None."""
        return [
            {name: _parse_value(name, text) for name, text in row.items() if name in _TIC_TYPES}
            for row in self._read("tic.csv", ("ID", "ra", "dec"))
        ]

    def observation_rows(self, tic_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return a row of MAST's observation catalogue for each product."""
        positions = {row["ID"]: (row["ra"], row["dec"]) for row in tic_rows}
        return [
            observation_row(row["target_name"], row["dataURL"], positions.get(row["target_name"], (None, None)))
            for row in self._read("products.csv", ("target_name", "dataURL"))
        ]

    def file_bytes(self, filename: str) -> bytes:
        """Return a product's bytes; MissingData, with a sentence, where the folder lacks it."""
        path = self.folder / "files" / filename
        if not re.fullmatch(r"[\w.-]+", filename) or not path.is_file():
            raise MissingData(f"{filename} is not among the files of this archive.")
        return path.read_bytes()

    def _read(self, name: str, needed: tuple[str, ...]) -> list[dict[str, str]]:
        with open(self.folder / name, newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [column for column in needed if column not in (reader.fieldnames or [])]
            if missing:
                raise ConfigurationError(f"--data {self.folder}: {name} lacks the column {missing[0]}.")
            return list(reader)


def _parse_value(name: str, text: str | None) -> str | int | float | None:
    """Turn a cell into what MAST would send: text, a whole number, a float, or None."""
    if text is None or text == "":
        return None
    kind = _TIC_TYPES[name]
    try:
        if kind == "int":
            return int(float(text))
        return float(text) if kind == "float" else text
    except ValueError as error:
        raise ConfigurationError(f"tic.csv: {name} is '{text}', not a number.") from error
