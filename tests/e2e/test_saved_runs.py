"""The trainings that a study keeps are run files like any other: drawn, compared, played."""

import pytest

from soloneuron import load_run

pytestmark = pytest.mark.usefixtures("measured_once")


def test_the_trainings_of_an_experiment_are_kept_as_files_that_play(solo, folder):
    answer = solo("experiment", "rate_cliff", "--save-runs", "runs")
    assert answer.out.endswith("saved 4 runs in runs\n")
    files = sorted(path.name for path in (folder / "runs").iterdir())
    assert files == [f"rate_cliff_rate_{ratio}.json" for ratio in ("0.5", "0.95", "1.05", "3")]
    runs = [f"runs/{name}" for name in files]
    assert load_run(folder / runs[1]).recipe.learning_rate == pytest.approx(18.0, abs=0.5)
    assert solo("compare", *runs, "-o", "c.html").code == 0
    assert solo("replay", *runs, "-o", "r.html").code == 0


def test_a_report_from_findings_keeps_the_same_trainings(solo, folder):
    solo(
        "report",
        "--only",
        "weight_decay",
        "--save",
        "f.json",
        "--save-runs",
        "one",
        "-o",
        "a.html",
        "--quiet",
    )
    answer = solo("report", "--from", "f.json", "--save-runs", "other", "-o", "b.html", "--lang", "ru")
    assert "сохранены 3 запуска: other" in answer.out
    one, other = (sorted((folder / name).iterdir()) for name in ("one", "other"))
    assert [path.read_text() for path in one] == [path.read_text() for path in other]
    assert [path.stem for path in one] == [f"weight_decay_{run}" for run in ("decoupled", "l2", "none")]


def test_an_experiment_without_rows_says_that_there_is_no_run(solo, folder):
    answer = solo("experiment", "nesterov_nag", "--save-runs", "runs")
    assert answer.out.endswith("no run to save: nothing was trained on rows\n")
    assert list((folder / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("file", "cannot write into file: it is no folder"),
        ("no/runs", "cannot make the folder no/runs: No such file or directory"),
    ],
)
def test_a_folder_that_cannot_be_is_refused_before_any_work(solo, folder, place, told):
    (folder / "file").write_text("")
    answer = solo("experiment", "nesterov_nag", "--save-runs", place)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"soloneuron: {told}\n"
