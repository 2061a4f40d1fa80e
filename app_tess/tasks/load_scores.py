"""Load another classifier's scores, which star pages, the table and /scoreboard compare with ours."""

import hashlib
import re
import unicodedata
from collections import Counter

from app_tess.archives.classifier_scores import read_scores
from app_tess.archives.score_cells import read_date, read_version
from app_tess.errors import FileFormatError, InvalidInput
from app_tess.storage import classifiers
from app_tess.storage.classifier_models import LONGEST_NAME, Classifier

OURS = "this model"
"""How this site's own score is called beside others."""
_NAME = re.compile(r"[^\W_][\w .()/+-]*")
ROWS_NAMED = 10
"""Rows that are named for each reason why they match no TOI."""


def load_scores(path, name, score_column="", date="", version=""):
    """Store a file of scores in place of those under the same name; return a message, and notes.

    Parameters
    ----------
    path : Path
    name : str
        The classifier's.
    score_column : str
        The column of the scores, where its name does not say so.
    date, version : str
        Of all rows, where the file has no such column.

    Raises
    ------
    InvalidInput, FileFormatError
        The name or a value cannot be used; what was stored before remains.
    """
    name = check_name(name)
    found = read_scores(path, name, score_column)
    for ours, option, text, read in (
        ("scored_on", "date", date, read_date),
        ("version", "version", version, read_version),
    ):
        if text and ours in found.columns:
            raise FileFormatError(f"{path}: has the column '{found.columns[ours]}', so --{option} cannot be given.")
        if text:
            try:
                value = read(text.strip())
            except InvalidInput as error:
                raise InvalidInput(str(error), field=option) from None
            for row in found.rows:
                row[ours] = value
    classifier = classifiers.replace_scores(
        Classifier(name=name, file_name=path.name, sha256=hashlib.sha256(found.data).hexdigest()), found.rows
    )
    undated = sum(row["scored_on"] is None for row in found.rows)
    if undated:
        found.notes.append(f"{undated:,} rows have no date: their scores are graded as undated.")
    matched = classifiers.count_matched().get(classifier.id, 0)
    return (
        f"Loaded {classifier.row_count:,} scores of {name} from {path.name}; {matched:,} TOIs have one.",
        [*found.notes, *unmatched_notes(classifier)],
    )


def unmatched_notes(classifier):
    """Return a sentence for each reason why rows match no TOI, with the first rows."""
    rows: dict[str, list[int]] = {}
    for row, matched in classifiers.matches_of(classifier.id):
        if matched.reason:
            rows.setdefault(matched.reason, []).append(row.row)
    return [
        f"{len(numbers):,} rows unmatched: {reason} (row {', '.join(map(str, numbers[:ROWS_NAMED]))}"
        f"{', ...' if len(numbers) > ROWS_NAMED else ''})"
        for reason, numbers in sorted(rows.items(), key=lambda item: -len(item[1]))
    ]


def count_unmatched(classifier):
    """Return reason -> the number of rows of a classifier that match no TOI for it, most frequent first."""
    reasons = Counter(matched.reason for _, matched in classifiers.matches_of(classifier.id) if matched.reason)
    return dict(reasons.most_common())


def check_name(name):
    """Return a classifier's name without needless blanks.

    Raises
    ------
    InvalidInput
        It is empty, long, begins with a mark (a spreadsheet would take = + - @ for a formula), or is our own.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise InvalidInput(
            f"'{name[:LONGEST_NAME]}' cannot be used: at most {LONGEST_NAME} letters, digits, blanks and . ( ) / + - _,"
            " beginning with a letter or a digit.",
            field="name",
        )
    if name.casefold() == OURS:
        raise InvalidInput(f"'{name}' stands for this site's own score; choose another name.", field="name")
    return name
