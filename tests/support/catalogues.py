"""A small catalogue with every kind of star in it, put straight into the tables: what the pages must show correctly."""

import datetime as dt

from app_tess.storage import listing
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad, DataProduct, Star, Toi
from app_tess.storage.score_models import Score, ScoringRun, StarScore, VettingResult

WASP46, TRIO, SINGLE, BARE, FALSE_ONE, HUGE = 231663901, 307210830, 70899085, 9000000001, 260271203, 10000732589
LC = "tess2018206045859-s0001-0000000231663901-0120-s_lc.fits"
DVT = "tess2018206190142-s0001-s0001-0000000231663901-00106_dvt.fits"


def star(tic_id, **values):
    return Star(tic_id=tic_id, **({"has_tic_row": True} | values))


def toi(number, tic_id, **values):
    whole, _, part = number.partition(".")
    return Toi(toi=number, tic_id=tic_id, toi_number=int(whole), candidate_number=int(part), **values)


def fill(simulated=False):
    """Add six stars: a known planet, three TOIs, a single transit, no TIC row, a false positive, a huge id."""
    _add_stars()
    db.session.flush()
    _add_tois()
    _add_products()
    _record_load(
        toi_count=8, star_count=6, product_count=2, skipped=["TIC 9000000001: no TIC row"], simulated=simulated
    )
    listing.rebuild()
    db.session.commit()


def _add_stars():
    db.session.add_all(
        [
            star(
                WASP46,
                ra_deg=318.736915,
                dec_deg=-55.871794,
                tmag=12.4,
                teff_k=5824.0,
                distance_pc=375.3,
                stellar_radius_rsun=0.89,
            ),
            star(TRIO, ra_deg=124.532, dec_deg=-68.313, tmag=9.4, teff_k=3458.0, distance_pc=10.6),
            star(SINGLE, ra_deg=63.4, dec_deg=-43.0, tmag=10.1),
            star(BARE, has_tic_row=False, ra_deg=0.001, dec_deg=10.0, tmag=11.0),
            star(FALSE_ONE, ra_deg=359.999, dec_deg=10.0, tmag=8.7, teff_k=6600.0),
            star(HUGE, tmag=None),
        ]
    )


def _wasp46_b():
    return toi(
        "101.01",
        WASP46,
        tfopwg_disposition="KP",
        planet_name="WASP-46 b",
        period_d=1.43037,
        period_err_d=7.7e-7,
        epoch_btjd=1326.009117,
        epoch_err_d=0.00013,
        duration_h=1.6166,
        depth_ppm=18960.7,
        planet_radius_rearth=13.19,
        sectors="1,27,67",
        alerted_on=dt.date(2018, 9, 5),
        teff_k=5600.0,
        tmag=12.4069,
        comments="WASP-46 b",
    )


def _add_tois():
    db.session.add_all(
        [
            _wasp46_b(),
            toi(
                "175.01",
                TRIO,
                tfopwg_disposition="CP",
                period_d=3.69,
                planet_radius_rearth=1.38,
                sectors="2, 5",
                alerted_on=dt.date(2018, 11, 1),
            ),
            toi(
                "175.02",
                TRIO,
                tfopwg_disposition="CP",
                period_d=7.45,
                planet_radius_rearth=1.5,
                alerted_on=dt.date(2018, 11, 1),
            ),
            toi(
                "175.10",
                TRIO,
                tfopwg_disposition="PC",
                period_d=2.25,
                planet_radius_rearth=0.8,
                alerted_on=dt.date(2024, 3, 1),
            ),
            toi(
                "200.01",
                SINGLE,
                tfopwg_disposition="APC",
                epoch_btjd=1400.5,
                duration_h=8.0,
                sectors="4",
                alerted_on=dt.date(2019, 1, 1),
            ),
            toi("300.1", BARE, period_d=10.0, teff_k=4000.0, sectors="12"),
            toi(
                "207.01",
                FALSE_ONE,
                tfopwg_disposition="FP",
                period_d=0.5,
                alerted_on=dt.date(2019, 2, 1),
                comments="V-shaped; 100% blend",
            ),
            toi("300.10", HUGE, tfopwg_disposition="FA", period_d=20.0),
        ]
    )


def _add_products():
    db.session.add_all(
        [
            DataProduct(
                data_url=f"mast:TESS/product/{LC}", tic_id=WASP46, filename=LC, kind="lc", sector=1, last_sector=1
            ),
            DataProduct(
                data_url=f"mast:TESS/product/{DVT}", tic_id=WASP46, filename=DVT, kind="dvt", sector=1, last_sector=1
            ),
        ]
    )


def _record_load(**counts):
    db.session.add(
        CatalogueLoad(
            toi_url="https://exofop.example/toi",
            mast_url="https://mast.example",
            toi_sha256="a" * 64,
            stars_sha256="b" * 64,
            products_sha256="c" * 64,
            seconds=1.0,
            request_count=3,
            catalogue_date="2025-04-06",
            **counts,
        )
    )
    db.session.flush()


SCORES = {"101.01": 0.97, "175.01": 0.99, "175.02": 0.8, "175.10": 0.55, "200.01": 0.4, "207.01": 0.75, "300.10": 0.02}


def score():
    """Score all but 300.1, which gets a reason."""
    run = ScoringRun(
        artifact_sha256="d" * 64, model_name="test model", is_current=True, scored_count=7, unscored_count=1
    )
    db.session.add(run)
    db.session.flush()
    owners = {row.toi: row.tic_id for row in db.session.query(Toi)}
    best = {}
    for name, tic_id in owners.items():
        value = SCORES.get(name)
        db.session.add(
            Score(
                scoring_run_id=run.id,
                toi=name,
                tic_id=tic_id,
                planet_probability=value,
                not_scored_reason=None if value is not None else "no depth and no radius",
                explanation=EXPLANATION if name == "101.01" else None,
            )
        )
        if value is not None:
            best[tic_id] = max(value, best.get(tic_id, 0))
    db.session.add_all(
        StarScore(scoring_run_id=run.id, tic_id=tic_id, planet_probability=value) for tic_id, value in best.items()
    )
    db.session.flush()
    listing.rebuild()
    db.session.commit()
    return run


EXPLANATION = {
    "probability": 0.8,
    "base_probability": 0.55,
    "outside_domain": False,
    "domain_reasons": [],
    "families": [
        {
            "family": "shape",
            "name": "transit shape",
            "log_odds": 1.2,
            "words": "transit shape: counts strongly for a planet.",
        },
        {"family": "star", "name": "star", "log_odds": -0.3, "words": "star: counts slightly against a planet."},
    ],
    "missing": [{"column": "metallicity_dex", "name": "stellar metallicity"}],
    "imputed": [],
    "conformal_set": ["planet"],
    "neighbours": [{"toi": "175.01", "disposition": "CP", "distance": 0.4}],
    "rates": [
        {"feature": "log_radius", "value": 13.19, "low": 10.99, "high": 15.83, "n": 512, "planets": 195},
        {"feature": "log_depth", "value": 18961.0, "low": 12640.0, "high": 28440.0, "n": 3, "planets": 1},
        {"feature": "duration_ratio", "value": None, "low": None, "high": None, "n": 0, "planets": 0},
        {"feature": "star_tois", "value": 1.0, "low": 1.0, "high": 1.0, "n": 2000, "planets": 900},
    ],
    "held_out_probability": 0.6592,
}


MANY_SECTORS = ",".join(str(sector) for sector in range(14, 87) if sector % 27 < 13)
FINDING = "Odd and even transits differ by 3.4 sigma (1,234 and 1,432 ppm): an eclipsing binary at twice the period?"


def fill_a_page(stars=100, tois_a_star=1, vetted=False):
    """Add scored stars whose columns are as long as in the real catalogue; `vetted`: with a fold in each row."""
    run = ScoringRun(
        artifact_sha256="d" * 64,
        model_name="test model",
        is_current=True,
        scored_count=stars * tois_a_star,
        unscored_count=0,
    )
    db.session.add(run)
    _record_load(
        toi_count=stars * tois_a_star, star_count=stars, product_count=stars * tois_a_star, skipped=[], simulated=False
    )
    for number in range(stars):
        tic_id = 441420236 + number
        db.session.add(
            star(
                tic_id,
                ra_deg=311.2897,
                dec_deg=-31.3409,
                tmag=10.755,
                teff_k=10012.0,
                logg=4.62,
                stellar_radius_rsun=10.75,
                stellar_mass_msun=10.58,
                distance_pc=1012.7,
            )
        )
        db.session.flush()
        for part in range(1, tois_a_star + 1):
            name = f"{6600 + number}.{part:02d}"
            _add_full_toi(name, tic_id)
            db.session.flush()
            db.session.add(Score(scoring_run_id=run.id, toi=name, tic_id=tic_id, planet_probability=0.0765))
            if vetted:
                db.session.add(VettingResult(toi=name, tic_id=tic_id, provenance={}, finding=FINDING))
    listing.rebuild()
    db.session.commit()


def _add_full_toi(name, tic_id):
    db.session.add_all(
        [
            toi(
                name,
                tic_id,
                tfopwg_disposition="PC",
                planet_name="WASP-1234 b",
                period_d=18.859,
                epoch_btjd=3330.39051,
                duration_h=13.50,
                depth_ppm=12621.0,
                snr=1112.3,
                planet_radius_rearth=14.07,
                insolation_earth=10122.0,
                equilibrium_temperature_k=1593.0,
                sectors=MANY_SECTORS,
                alerted_on=dt.date(2023, 9, 5),
                updated_on=dt.date(2024, 9, 5),
            ),
            DataProduct(
                data_url=f"mast:TESS/product/{name}",
                tic_id=tic_id,
                filename=name,
                kind="lc",
                sector=1,
                last_sector=1,
            ),
        ]
    )
