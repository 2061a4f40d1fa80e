"""Load NASA's ExoMiner scores, which each TOI's page and the table compare with ours."""

import hashlib

from app_tess.errors import TrainingError
from app_tess.storage import exominer_scores
from app_tess.storage.database import rows_of
from app_tess.storage.exominer_models import ExominerLoad


def load_exominer(path):
    """Read the published table (a CSV from github.com/nasa/ExoMiner), store it, and return a message on the result.

    Raises
    ------
    TrainingError
        The file cannot be read, lacks a column, or holds an invalid score; the stored scores remain unchanged.
    """
    from app_tess.scoring.evaluation.exominer_comparison import read_exominer

    table = read_exominer(path)
    outside = ~table["score"].between(0, 1)
    if outside.any():
        raise TrainingError(
            f"{path}: {table['score'][outside].iloc[0]} (row {1 + int(outside.argmax())})"
            " is not a score between 0 and 1"
        )
    table = table[table["period_d"] > 0]
    if table.empty:
        raise TrainingError(f"{path}: holds no event with a period")
    load = exominer_scores.replace_scores(
        rows_of(table, ["tic_id", "period_d", "score"]),
        ExominerLoad(file_name=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest()),
    )
    return (
        f"Loaded {load.event_count:,} events scored by ExoMiner; {exominer_scores.count_matched():,} TOIs match one in"
        " star and period. A TOI without a match may not have been searched, or its score was too low to be published."
    )
