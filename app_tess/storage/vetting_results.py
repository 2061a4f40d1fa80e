"""What was measured in the light curves, one row a TOI, replaced by each vetting of its star."""
from sqlalchemy import delete, insert, select

from app_tess.storage.database import db, now, plain
from app_tess.storage.score_models import VettingResult


def record_results(results):
    """Replace the results of these TOIs, all at once: dicts with toi, tic_id, report, message, receipt."""
    db.session.execute(delete(VettingResult).where(VettingResult.toi.in_([result["toi"] for result in results])))
    db.session.execute(insert(VettingResult), [plain(result) | {"measured_at": now()} for result in results])
    db.session.commit()


def results_of_star(tic_id):
    """TOI -> VettingResult."""
    return {row.toi: row for row in db.session.scalars(select(VettingResult).where(VettingResult.tic_id == tic_id))}
