"""What was left out of an archive's table, and where: sentences for the page of the run and the record of the load."""

from dataclasses import dataclass, field

LONGEST_SAMPLE = 60
"""Characters of a cell that a sentence quotes."""
NOTES_PER_COLUMN = 20
"""A column that is wrong throughout gets this many sentences, and one with the number of the others."""


@dataclass
class Notes:
    """Collects notes on cells and rows, by column."""

    _by_column: dict[str, list[str]] = field(default_factory=dict)

    def add(self, column: str, place: str, problem: str) -> None:
        """Note a problem of a cell; without a column, of the row at that place."""
        where = f"{place}, column '{column}'" if column else place
        self._by_column.setdefault(column, []).append(f"{where}: {problem}")

    def count(self, column: str) -> int:
        """Return the number of notes on a column."""
        return len(self._by_column.get(column, []))

    def sentences(self) -> list[str]:
        """Return the notes in their order, column by column."""
        found = []
        for column, notes in self._by_column.items():
            found += notes[:NOTES_PER_COLUMN]
            if len(notes) > NOTES_PER_COLUMN:
                what = f"cells of column '{column}'" if column else "rows"
                found.append(f"and {len(notes) - NOTES_PER_COLUMN:,} more {what}")
        return found


def sample(text: str) -> str:
    """Return a cell as a sentence quotes it: short, and without control characters."""
    return repr(text if len(text) <= LONGEST_SAMPLE else text[:LONGEST_SAMPLE] + "…")
