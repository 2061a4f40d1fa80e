"""No file of views or table of events, however odd, ends in anything but figures or a sentence that names the array."""

import gzip
import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from app_tess.cli.light_curves import evaluate_light_curves
from app_tess.errors import TrainingError
from app_tess.scoring.light_curve_model.events_file import read_events
from app_tess.scoring.light_curve_model.views_file import read_views
from tests.support.views import make_views

N = 12
VIEWS = make_views(N)
OBJECTS = np.array([None] * N, dtype=object)
ONE_NAN = np.where(np.arange(N)[:, None] == 3, np.nan, VIEWS["global_view"])


def write(folder, **changes):
    path = folder / "views.npz"
    np.savez(path, **{name: values for name, values in (VIEWS | changes).items() if values is not None})
    return path


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"global_view": OBJECTS}, "'global_view' holds Python objects"),
        ({"label": OBJECTS}, "'label' holds Python objects"),
        ({"global_view": ONE_NAN}, "'global_view' has values that are not finite in 1 of 12 events"),
        ({"local_view": np.full((N, 61), np.inf)}, "'local_view' has values that are not finite in 12 of 12"),
        ({"global_view": VIEWS["global_view"] * 1j}, "'global_view' is not numeric"),
        ({"global_view": np.zeros((N, 201), [("a", float)])}, "'global_view' is not numeric"),
        ({"period_d": np.full(N, np.datetime64("2020-01-01"))}, "'period_d' is not numeric"),
        ({"global_view": np.float64(3)}, "not (N, 201)"),
        ({"label": np.array("PC")}, "'label' has the shape ()"),
        ({"label": VIEWS["label"].reshape(-1, 1)}, "'label' has the shape (12, 1)"),
        ({"label": VIEWS["label"][:-1]}, "'label' has the shape (11,)"),
        ({"label": np.arange(N)}, "unknown label 0, 1, 10, 11, 2 ...; known are PC"),
        ({"tic_id": np.full(N, np.nan)}, "'tic_id' of 12 of 12 events is no whole number"),
        ({"tic_id": VIEWS["tic_id"] + 0.5}, "'tic_id' of 12 of 12"),
        ({"tic_id": np.full(N, 2**64 - 1, np.uint64)}, "'tic_id' of 12 of 12"),
        ({"depth_ppm": np.ones(5)}, "'depth_ppm' has the shape (5,)"),
        ({"ra_deg": np.zeros(N), "dec_deg": np.zeros(5)}, "'dec_deg' has the shape (5,)"),
        ({"odd_even_view": np.zeros((N, 0))}, "'odd_even_view' has the shape (12, 0)"),
        ({"odd_even_view": np.zeros((4, 162))}, "'odd_even_view': 4"),
        ({"toi_disposition": np.full((N, 2), "CP")}, "'toi_disposition' has the shape (12, 2)"),
        ({"depth_odd_ppm": np.ones(4), "depth_even_ppm": np.ones(N)}, "'depth_odd_ppm' has the shape (4,)"),
        ({name: values[:0] for name, values in VIEWS.items()}, "or are empty"),
    ],
)
def test_an_array_that_cannot_be_used_is_refused_by_name(tmp_path, changes, sentence):
    with pytest.raises(TrainingError) as refusal:
        read_views(write(tmp_path, **changes))
    assert sentence in str(refusal.value)


def bytes_of(path):
    return path.read_bytes()


def test_a_damaged_file_is_said_to_be_damaged(tmp_path):
    whole = bytes_of(write(tmp_path))
    flipped = bytearray(whole)
    flipped[len(whole) // 3] ^= 0xFF
    np.save(tmp_path / "array.npy", np.zeros(3))
    damaged = [b"", b"text", whole[:-200], whole[: len(whole) // 2], bytes(flipped), gzip.compress(whole)]
    for content in (*damaged, bytes_of(tmp_path / "array.npy")):
        path = tmp_path / "views.npz"
        path.write_bytes(content)
        with pytest.raises(TrainingError, match="is not a .npz file of views, or is damaged"):
            read_views(path)


def test_odd_numbers_are_missing_inputs(tmp_path):
    odd = {name: np.full(N, np.inf) for name in ("period_d", "epoch_btjd", "ra_deg", "dec_deg")}
    found = read_views(write(tmp_path, **odd, odd_even_view=np.full((N, 162), np.inf), duration_d=None))
    assert np.isnan(found.scalar("period_d")).all() and np.isnan(found.scalar("duration_d")).all()
    assert np.isnan(found.position_deg).all() and np.isnan(found.secondary_view).all()
    assert np.isnan(found.epoch_btjd).all()


def evaluate(*words):
    return CliRunner().invoke(evaluate_light_curves, [*map(str, words), "--json"])


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize(
    "changes",
    [
        {name: values[:1] for name, values in VIEWS.items()},
        {"global_view": np.zeros((N, 201)), "local_view": np.zeros((N, 61))},
        {"period_d": np.full(N, 1e300), "duration_d": np.full(N, 1e3), "depth_ppm": np.full(N, -5.0)},
        {"label": np.full(N, "O")},
    ],
    ids=["one event", "flat", "impossible values", "one class"],
)
def test_odd_events_get_figures(tmp_path, changes):
    answer = evaluate("--views", write(tmp_path, **changes))
    assert answer.exit_code == 0, answer.exception
    assert json.loads(answer.stdout)["events"] == len(changes.get("label", VIEWS["label"]))


@pytest.fixture
def events():
    values = {"tic_id": VIEWS["tic_id"], "period_d": VIEWS["period_d"], "epoch_btjd": 1500.0, "label": VIEWS["label"]}
    return pd.DataFrame(values)


def test_a_table_that_matches_no_event_is_said_to(tmp_path, events):
    path = tmp_path / "events.csv"
    events.assign(tic_id=1).to_csv(path, index=False)
    without = evaluate("--views", write(tmp_path, label=None), "--events", path)
    assert "None of the 12 events of views.npz is among the 12 of events.csv" in str(without.exception)
    own = evaluate("--views", write(tmp_path), "--events", path)
    assert own.exit_code == 0 and "The labels are those of views.npz." in own.stderr
    assert "not empty" in str(evaluate("--views", write(tmp_path, label=np.full(N, ""))).exception)


def test_a_table_that_is_damaged_or_empty_is_refused(tmp_path, events):
    text = events.to_csv(index=False).encode()
    packed = gzip.compress(text)
    flipped = bytearray(packed)
    flipped[len(packed) // 2] ^= 0xFF
    cases = {
        "events.csv.gz": (packed[:-30], packed[: len(packed) // 2], bytes(flipped), text),
        "events.csv": (b"", packed, bytes(range(256)), text + b"1,2,3,4,5,6\n", "é".encode("latin-1") + text),
        "events.csv.zip": (packed,),
    }
    for name, contents in cases.items():
        for content in contents:
            (tmp_path / name).write_bytes(content)
            with pytest.raises(TrainingError, match=rf"{name} is not a table of events \(CSV\)"):
                read_events(tmp_path / name)
    events[:0].to_csv(tmp_path / "events.csv", index=False)
    with pytest.raises(TrainingError, match="events.csv has no rows"):
        read_events(tmp_path / "events.csv")
