"""The commands of the planet score: their results, and their sentences on bad input."""

import json
import re

import pytest
from click.testing import CliRunner

from app_tess.archives.exofop import parse_toi_table
from app_tess.cli import model
from app_tess.errors import AppTessError, FileFormatError, TrainingError
from app_tess.scoring.catalogue_model import pipeline
from tests.scoring.support import QUICK, made_up_tois, seed_network_without_tensorflow
from tests.support.shared import shared_path

HEADER = {
    "tic_id": "TIC ID",
    "toi": "TOI",
    "tfopwg_disposition": "TFOPWG Disposition",
    "period_d": "Period (days)",
    "duration_h": "Duration (hours)",
    "depth_mmag": "Depth (mmag)",
    "planet_radius_rearth": "Planet Radius (R_Earth)",
    "snr": "Planet SNR",
    "stellar_radius_rsun": "Stellar Radius (R_Sun)",
    "logg": "Stellar log(g) (cm/s^2)",
    "teff_k": "Stellar Eff Temp (K)",
    "modified_at": "Date Modified",
}


@pytest.fixture(autouse=True)
def quick_members(monkeypatch):
    monkeypatch.setattr("app_tess.scoring.catalogue_model.ensemble.MEMBERS", QUICK)


@pytest.fixture
def write(tmp_path):
    def write(name, tois):
        path = tmp_path / name
        tois[list(HEADER)].rename(columns=HEADER).to_csv(path, index=False)
        return path

    return write


@pytest.fixture
def dates(write):
    first = made_up_tois(300)
    second = first.assign(modified_at="2022-01-01 00:00:00")
    small = (second["planet_radius_rearth"] < 12).map({True: "CP", False: "FP"})
    second["tfopwg_disposition"] = second["tfopwg_disposition"].where(second["tfopwg_disposition"] != "PC", small)
    return write("toi_first.csv", first), write("toi_second.csv", second)


def run(command, *arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)


def test_train_writes_a_pipeline_with_its_manifest_and_the_same_one_again(dates, tmp_path):
    for name in ("one", "two"):
        answer = run(model.train_command, "--toi", dates[0], "--out", tmp_path / name)
        assert answer.exit_code == 0 and "dispositioned TOIs" in answer.stdout
    one, two = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("one", "two"))
    assert one["training_data"]["files"][0]["name"] == "toi_first.csv"
    assert one["metrics"] == two["metrics"]
    assert one["seed"] == pipeline.SEED


def test_evaluate_prints_one_json_object_and_progress_apart(dates):
    with seed_network_without_tensorflow():
        answer = run(model.evaluate_command, "--train", dates[0], "--labels", dates[1], "--json")
    result = json.loads(answer.stdout)
    assert {"n", "base_rate", "model", "baselines", "slices"} <= set(result)
    assert "fold 1 of 5" in answer.stderr and "fold 1" not in answer.stdout


def test_evaluate_refuses_labels_that_are_not_later_naming_both_files(dates):
    with pytest.raises(TrainingError, match="toi_first.csv.*toi_second.csv.*must be later"):
        run(model.evaluate_command, "--train", dates[1], "--labels", dates[0], "--json")


def test_train_refuses_a_table_with_no_false_positives_naming_file_and_column(write, tmp_path):
    path = write("onlyplanets.csv", made_up_tois(80).query("tfopwg_disposition != 'FP'"))
    with pytest.raises(TrainingError, match="onlyplanets.csv: column 'TFOPWG Disposition' has only 0"):
        run(model.train_command, "--toi", path, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_value_that_is_left_blank_is_reported_with_file_and_column(write, capsys):
    tois = made_up_tois(80)
    tois.loc[3, "snr"] = float("inf")
    frame = model.read_frame(write("infinite.csv", tois))
    assert frame["snr"].isna().sum() == tois["snr"].isna().sum() + 1
    assert re.search(r"infinite\.csv: .*column 'Planet SNR': 'inf' is infinite; left blank", capsys.readouterr().err)


def test_a_star_is_taken_from_the_first_file_of_tic_rows_that_has_it(write, tmp_path):
    tois = made_up_tois(80)
    stars = [int(star) for star in tois["tic_id"].unique()[:2]]
    for name, rows in (("one.csv", [(stars[0], 5000)]), ("two.csv", [(stars[0], 1), (stars[1], 6000)])):
        lines = [f"{star},1,2,9,{teff},1" for star, teff in rows]
        (tmp_path / name).write_text("\n".join(["ID,ra,dec,Tmag,Teff,rad", *lines]))
    frame = model.read_frame(write("tois.csv", tois), [tmp_path / "one.csv", tmp_path / "two.csv"])
    known = frame.drop_duplicates("tic_id").set_index("tic_id")["tic_teff_k"].dropna()
    assert known.to_dict() == {stars[0]: 5000, stars[1]: 6000}


def test_train_refuses_unknown_columns_naming_the_file_and_what_lacks(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("TIC ID,TOI,Orbit,Verdict\n1,101.01,3.2,CP\n")
    with pytest.raises(FileFormatError, match="other.csv.*'Period"):
        run(model.train_command, "--toi", path, "--out", tmp_path / "out")


def test_a_missing_file_and_a_broken_gzip_are_named(tmp_path):
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(b"not gzip")
    for path in (tmp_path / "absent.csv", broken):
        with pytest.raises(TrainingError, match=path.name):
            run(model.train_command, "--toi", path, "--out", tmp_path / "out")


def test_a_git_lfs_pointer_is_not_a_table(tmp_path):
    with pytest.raises(AppTessError, match="git_lfs_pointer"):
        run(
            model.train_command,
            "--toi",
            shared_path("bad_inputs/git_lfs_pointer_not_a_csv.csv"),
            "--out",
            tmp_path / "out",
        )


def test_track_record_writes_the_replay(dates, tmp_path):
    answer = run(model.track_record_command, "--snapshots", dates[0].parent, "--out", tmp_path / "out" / "record.json")
    assert "toi_first.csv" in answer.stdout
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert record["dates"][0]["name"] == "toi_first.csv" and record["last"] == "toi_second.csv"


def test_a_directory_with_one_table_has_no_history(write, tmp_path):
    directory = write("toi_first.csv", made_up_tois(40)).parent
    with pytest.raises(TrainingError, match="at least two dates"):
        run(model.track_record_command, "--snapshots", directory)


def test_the_seeds_table_of_2019_is_read(tmp_path):
    path = shared_path("toi_snapshots/toi_2019-11_seed.csv")
    assert len(parse_toi_table(model.read_bytes(path), str(path))) == len(model.read_frame(path))
