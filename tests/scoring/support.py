"""A small made-up catalogue for the scoring tests: hot giants of one kind, blends of the other."""

from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from app_tess.scoring.catalogue_model.frame import join_stars
from app_tess.scoring.catalogue_model.members import Member, boosting, extra_trees
from app_tess.scoring.evaluation import baselines


def _quick_boosting(seed):
    return boosting(seed).set_params(n_estimators=30, learning_rate=0.25)


def _quick_trees(seed):
    return extra_trees(seed).set_params(n_estimators=20)


QUICK = (Member("boosting", _quick_boosting, 1), Member("extra trees", _quick_trees, 1))
"""Two members of the ensemble with few trees: enough for some hundred made-up TOIs."""


@contextmanager
def seed_network_without_tensorflow():
    """Let a regression stand for the seed project's network, a baseline; `test_report` trains the network itself."""
    whole = baselines.seed_network
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baselines, "seed_network", lambda seed=0: whole(seed).set_params(model=LogisticRegression()))
        yield


def made_up_tois(count=160, seed=11):
    """TOI rows in the columns of `archives.exofop.parse_toi_table`; a third of them open.

    Planets follow the density of their star; false positives last too long and are too big.
    """
    random = np.random.default_rng(seed)
    planet = random.random(count) < 0.5
    period = 10 ** random.uniform(0, 1.3, count)
    stellar_radius = random.uniform(0.6, 1.6, count)
    radius = np.where(planet, random.uniform(1.5, 13, count), random.uniform(6, 22, count))
    depth = (radius / 109.1 / stellar_radius) ** 2 * 1e6
    duration = 3.1 * period ** (1 / 3) * stellar_radius * np.where(planet, 0.9, random.uniform(0.4, 1.8, count))
    verdict = np.where(planet, np.where(random.random(count) < 0.5, "CP", "KP"), "FP").astype(object)
    verdict[random.random(count) < 0.33] = "PC"
    numbers = np.arange(count)
    return pd.DataFrame(
        {
            "toi": [f"{101 + number}.01" for number in numbers],
            "tic_id": 1000 + numbers,
            "tfopwg_disposition": verdict,
            "epoch_btjd": random.uniform(1325, 2000, count),
            "period_d": period,
            "duration_h": duration,
            "depth_ppm": depth,
            "depth_mmag": -2500 * np.log10(1 - depth / 1e6),
            "planet_radius_rearth": radius,
            "insolation_earth": 900.0 / period ** (4 / 3),
            "equilibrium_temperature_k": 1500.0 / period ** (1 / 3),
            "snr": random.uniform(8, 150, count),
            "tmag": random.uniform(7, 13, count),
            "stellar_distance_pc": random.uniform(20, 600, count),
            "teff_k": 5770.0 * stellar_radius**0.5,
            "logg": 4.44 - np.log10(stellar_radius),
            "stellar_radius_rsun": stellar_radius,
            "metallicity_dex": np.nan,
            "stellar_mass_msun": stellar_radius,
            "sectors": ["1,27"] * count,
            "alerted_on": ["2019-03-01"] * count,
            "updated_on": ["2020-03-01"] * count,
            "modified_at": ["2020-04-01 00:00:00"] * count,
            "comments": [None] * count,
            "source": ["spoc"] * count,
            "tess_disposition": ["PC"] * count,
            "planet_name": [None] * count,
            "period_err_d": np.nan,
        }
    )


def made_up_frame(count=160, seed=11):
    """The scoring frame of `made_up_tois`, with no TIC rows."""
    return join_stars(made_up_tois(count, seed))
