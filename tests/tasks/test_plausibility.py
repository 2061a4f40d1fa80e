"""A TOI table that no update can be is refused, and every real update passes."""

import csv
import gzip
import io
import itertools

import numpy as np
import pandas as pd
import pytest

from app_tess.archives.exofop import parse_toi_table
from app_tess.archives.sample.bundled import BundledContents
from app_tess.archives.sample.faults import Fault
from app_tess.errors import ArchiveError
from app_tess.storage import run_records
from app_tess.storage.database import db
from app_tess.storage.models import Toi
from app_tess.tasks import predict
from app_tess.tasks.plausibility import find_blanks, find_problems
from app_tess.tasks.reset import reset
from app_tess.tasks.run_execution import execute_run
from tests.support.shared import shared_path
from tests.support.tables import quick_scores

DATES = ("2019-11_seed.csv", "2020-10-21.csv.gz", "2022-06-06.csv.gz", "2024-10-06.csv.gz", "2025-10-19.csv.gz")


@pytest.fixture(scope="module")
def stored():
    return parse_toi_table(BundledContents().toi_csv(), "sample")


def rolled(column):
    return lambda frame: frame.assign(**{column: np.roll(frame[column].to_numpy(), 1)})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (rolled("tic_id"), "TOIs belong to another star"),
        (rolled("toi"), "TOIs belong to another star"),
        (lambda frame: frame.assign(epoch_btjd=np.nan), "values of the epoch are gone"),
        (lambda frame: frame.assign(period_d=np.nan), "values of the period are gone"),
        (lambda frame: frame.assign(period_d=frame["period_d"] * 24), "values of the period are very different"),
        (lambda frame: frame.assign(period_d=frame["period_d"] * 1.5), "values of the period are very different"),
        (lambda frame: frame.assign(period_d=frame["period_d"] * 2), "values of the period are very different"),
        (lambda frame: frame.assign(duration_h=frame["duration_h"] * 1.9), "values of the duration are very different"),
        (lambda frame: frame.assign(tmag=frame["tmag"] + 1), "values of the Tmag are very different"),
        (lambda frame: frame.assign(teff_k=frame["teff_k"] - 273), "values of the Teff are very different"),
        (lambda frame: frame.assign(tfopwg_disposition=None), "values of the disposition are gone"),
        (lambda frame: frame.assign(tfopwg_disposition="FA"), "values of the disposition are very different"),
        (lambda frame: frame.assign(ra_deg=frame["ra_deg"] / 15), "right ascension are very different"),
        (lambda frame: frame.assign(depth_ppm=frame["depth_ppm"] / 1e6), "depth are very different"),
        (lambda frame: frame.assign(epoch_btjd=frame["epoch_btjd"] + 0.3 * frame["period_d"]), "epoch are very diff"),
        (lambda frame: frame.iloc[::2], "TOIs are no longer listed"),
    ],
)
def test_what_no_update_can_be_is_named(stored, change, words):
    (first, *_) = find_problems(change(stored), stored)
    assert words in first
    assert find_problems(stored, stored) == []


@pytest.mark.parametrize(
    ("codes", "now", "words"),
    [
        (["CP", "KP"], "PC", "planets are none any more"),
        (["CP", "KP"], None, "planets are none any more"),
        (["FP", "FA"], "CP", "false positives are planets now"),
    ],
)
def test_dispositions_that_hardly_ever_change_are_compared(stored, codes, now, words):
    stored = pd.concat([stored, stored.assign(toi=stored["toi"] + "9")], ignore_index=True)  # 20 false positives
    few = stored["tfopwg_disposition"].isin(codes) & (np.arange(len(stored)) % 3 == 0)  # below the other limits
    new = stored.assign(tfopwg_disposition=stored["tfopwg_disposition"].where(~few, now))
    (problem,) = find_problems(new, stored)
    assert words in problem


def test_no_real_update_of_half_a_year_or_of_six_is_refused():
    tables = []
    for name in DATES:
        data = shared_path(f"toi_snapshots/toi_{name}").read_bytes()
        tables.append(parse_toi_table(gzip.decompress(data) if name.endswith("gz") else data, name))
    for (one, old), (other, new) in itertools.combinations(zip(DATES, tables, strict=True), 2):
        assert find_problems(new, old) == [], (one, other)
    assert find_blanks(tables[0]) == find_blanks(tables[-1]) == []
    blank = tables[-1].assign(epoch_btjd=np.nan, tfopwg_disposition=None)
    assert ["epoch" in blank_one or "disposition" in blank_one for blank_one in find_blanks(blank)] == [True, True]


def move_stars(body):
    header, *rows = csv.reader(io.StringIO(body.decode()))
    ids = [row[0] for row in rows]
    text = io.StringIO()
    moved = ([tic_id, *row[1:]] for tic_id, row in zip(np.roll(ids, 1), rows, strict=True))
    csv.writer(text).writerows([header, *moved])
    return text.getvalue().encode()


def rename_columns(body):
    header, rest = body.decode().split("\n", 1)
    kept = ("TIC ID", "TOI", "Period (days)", "TFOPWG Disposition")
    names = [name if name in kept else f"new {name}" for name in next(csv.reader([header]))]
    return (",".join(names) + "\n" + rest).encode()


@pytest.mark.parametrize(("change", "words"), [(move_stars, "another star"), (rename_columns, "values of the epoch")])
def test_an_implausible_table_is_refused_unless_forced(app, config, at, sample_archive, monkeypatch, change, words):
    monkeypatch.setattr(predict, "score", quick_scores)
    here = at(config, sample_archive)
    reset(here, lambda *_progress: None)
    sample_archive.inject(Fault("download_toi", times=None, change=change))
    with pytest.raises(ArchiveError, match=f"127.0.0.1:.* implausible TOI table: .*{words}.*--force"):
        reset(here, lambda *_progress: None)
    db.session.rollback()
    assert db.session.get(Toi, "101.01").tic_id == 231663901 and db.session.get(Toi, "101.01").epoch_btjd
    headers = {"Authorization": "Bearer test-admin-token", "Accept": "application/json"}
    answer = app.test_client().post("/reset", data={"force": "yes"}, headers=headers)
    run_id = answer.json["run"]
    execute_run(run_id, here)
    db.session.expire_all()
    run = run_records.get_run(run_id)
    assert run.status == "completed", run.message
    toi = db.session.get(Toi, "101.01")
    assert toi.tic_id != 231663901 if change is move_stars else toi.epoch_btjd is None
    if change is rename_columns:
        assert "not recognized: new Previous CTOI" in app.test_client().get(f"/runs/{run_id}").text
