"""Saved runs are drawn together where that means something, and what does not is said."""

import re
import shutil

import pytest

from soloneuron.cli import main
from soloneuron.texts import text


@pytest.fixture(scope="module")
def trained(first_clinic):
    """A folder with a run for each of several settings, by name."""
    settings = {
        "plain": (),
        "again": ("--seed", 5),
        "mse": ("--loss", "mse"),
        "held": ("--penalty", "l2", "--alpha", 0.1),
        "full": ("--batch-size", "all", "--optimizer", "momentum", "--set", "momentum=0.8"),
        "scaled": ("--standardize",),
        "narrow": ("--drop", "weight"),
        "turned": ("--positive", "0"),
        "part": ("--test-share", 0.2),
    }
    for name, given in settings.items():
        place = ("--save-run", first_clinic.parent / f"{name}.json")
        descent = ("--quiet", "--optimizer", "gradient_descent")
        train = ("train", first_clinic, "--label", "sick", *descent, *given, *place)
        assert main([str(word) for word in train]) == 0
    return first_clinic.parent


@pytest.fixture
def runs(trained, folder, clinic):  # noqa: ARG001
    """These runs, in the folder in which the rows are."""
    shutil.copytree(trained, folder, dirs_exist_ok=True)


def compare(solo, *names, language="en"):
    answer = solo("compare", *(f"{name}.json" for name in names), "--lang", language)
    assert answer.code == 0
    return answer


@pytest.mark.usefixtures("runs")
def test_each_run_shows_its_course_and_how_it_ended(solo):
    out = compare(solo, "plain", "again").out
    assert re.search(r"plain: loss 0\.\d+ in the first epoch, 0\.\d+ in epoch 100; all 100 epochs done", out)
    assert sum("█" in line and "▁" in line for line in out.splitlines()) == 2
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.usefixtures("runs")
def test_only_settings_that_differ_are_told(solo, folder):
    words = compare(solo, "plain", "full", "again").words
    assert "optimizer gradient_descent momentum gradient_descent" in words
    assert "batch_size 32 60 32" in words
    assert "momentum - 0.8 -" in words
    assert "loss nll" not in words
    assert "<td>batch_size</td><td>32</td><td>60</td>" in (folder / "compare.html").read_text("utf-8")


CAUTIONS = {
    ("plain", "mse"): "other_loss",
    ("plain", "held"): "other_loss",
    ("plain", "full"): "other_updates",
    ("plain", "scaled"): "other_columns",
}


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_cannot_be_compared_is_said_in_terminal_and_page(solo, folder, language):
    beginnings = {key: text(language, f"figures.{key}").partition("{")[0] for key in set(CAUTIONS.values())}
    for names, expected in CAUTIONS.items():
        words = compare(solo, *names, language=language).words
        page = (folder / "compare.html").read_text(encoding="utf-8")
        for key, beginning in beginnings.items():
            sentence = text(language, f"figures.{key}").partition("{names}")[2] or beginning
            assert (sentence in words) == (sentence in page) == (key == expected), (names, key)


@pytest.mark.usefixtures("runs")
def test_another_seed_alone_needs_no_caution(solo):
    words = compare(solo, "plain", "again").words
    assert "The runs differ in" not in words.replace("In what the runs differ", "")


APART = {
    "narrow": "their columns are 'height, weight' and 'height'",
    "turned": "class 1 means '1' and '0'",
    "part": "they have 60 rows of 'clinic.csv' and 48 rows of 'clinic.csv'",
    "points": "they predict 'sick' and 'label'",
    "moved": "they have 60 rows of 'clinic.csv' and 60 rows of 'clinic.csv', not the same ones",
}


@pytest.mark.usefixtures("runs")
def test_runs_on_other_rows_are_refused_with_the_reason(solo, refused, clinic):
    solo("train", "--quiet", "--save-run", "points.json")
    clinic.write_text(clinic.read_text().replace("height,weight,sick\n", "height,weight,sick\n9,9,1\n", 1))
    clinic.write_text("".join(clinic.read_text().splitlines(keepends=True)[:-1]))
    solo("train", clinic, "--label", "sick", "--quiet", "--save-run", "moved.json")
    for name, reason in APART.items():
        line = refused("compare", "plain.json", f"{name}.json")
        assert reason in line
        assert "must have learned from the same rows" in line


@pytest.mark.usefixtures("runs")
def test_one_run_is_not_compared_but_drawn(refused):
    assert "two runs or more, got one: soloneuron plot plain.json draws it alone" in refused(
        "compare", "plain.json"
    )


def test_the_help_of_compare_says_what_it_does_beside_drawing(solo):
    words = {name: solo(name, "--help").words for name in ("plot", "compare")}
    for told in ("Tell in what runs", "cannot be compared", "Runs that learned from other rows are refused"):
        assert told in words["compare"]
        assert told not in words["plot"]


def test_samples_of_the_same_large_file_can_be_compared(solo, many_rows):
    for name, loss in (("a", "nll"), ("b", "huber")):
        solo(
            "train",
            many_rows,
            "--label",
            "sick",
            "--quiet",
            "--epochs",
            3,
            "--loss",
            loss,
            "--save-run",
            name,
        )
    assert solo("compare", "a", "b").code == 0
