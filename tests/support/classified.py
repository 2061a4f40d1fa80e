"""Made-up vetting results of the stars of `catalogues`, with classes."""

from app_tess.astro.ephemeris_change import SIGNAL_COLUMNS
from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.storage import vetting_results
from app_tess.storage.database import db
from app_tess.storage.models import Toi
from tests.support.catalogues import FALSE_ONE, HUGE, TRIO, WASP46

FINDING = "Odd and even transits differ."
VETTED = {  # TOI -> star, class, its probability
    "101.01": (WASP46, "PC", 0.9),
    "175.01": (TRIO, "PC", 0.7),
    "175.02": (TRIO, "PC", 0.8),
    "175.10": (TRIO, "PC", 0.95),
    "207.01": (FALSE_ONE, "EB", 0.6),
    "300.10": (HUGE, "IS", 0.5),
}


def report_of(toi):
    """What a vetting stores of a TOI; the last five bins of its global view were empty."""
    tic_id, best, probability = VETTED[toi]
    flag = {"name": "odd_even", "title": "Odd and even", "value": 1.0, "error": 0.1, "unit": "ppm"}
    flag |= {"finding": FINDING, "concern": True, "formula": "", "source": ""}
    rest = (1 - probability) / 4
    probabilities = {code: probability if code == best else rest for code in LIGHT_CURVE_CLASSES}
    views = {"global_view": [0.0] * 100 + [-1.0] + [0.0] * 100, "local_view": [0.0] * 30 + [-1.0] + [0.0] * 30}
    return {
        "tic_id": tic_id,
        "label": toi,
        "period_d": 1.0,
        "epoch_btjd": 1500.0,
        "duration_h": 2.0,
        "measurements": [flag],
        "transits": [],
        "views": views | {"filled": {"global_view": list(range(196, 201))}},
        "scalars": {},
        "provenance": {},
        "simulated": False,
        "cautions": [],
        "ephemeris_used": None,
        "judgement": {"best": best, "probabilities": probabilities, "caution": None},
        "judgement_message": None,
    }


def measured_with(toi):
    row = db.session.get(Toi, toi)
    return {vetting_results.MEASURED_WITH: {name: getattr(row, name) for name in SIGNAL_COLUMNS}}


def vet(*tois):
    vetting_results.record_results(
        [
            {
                "toi": toi,
                "tic_id": VETTED[toi][0],
                "report": report_of(toi),
                "message": None,
                "provenance": {
                    vetting_results.MEASURED_WITH: {
                        name: getattr(db.session.get(Toi, toi), name) for name in SIGNAL_COLUMNS
                    }
                },
            }
            for toi in tois
        ]
    )
