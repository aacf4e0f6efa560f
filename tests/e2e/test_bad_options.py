"""Columns, options and outputs that make no sense: one clear line, exit code 2, nothing half-written."""

import os

import pytest

# Columns


COLUMNS = {
    "an unknown label": (["--label", "sik"], "unknown column 'sik': did you mean 'sick'?"),
    "an unknown feature": (["--label", "sick", "--features", "hight"], "did you mean 'height'?"),
    "an unknown column to drop": (["--label", "sick", "--drop", "wait"], "did you mean 'weight'?"),
    "an index in CSV": (["--label", "-1"], "unknown column '-1'"),
    "a digit that is none": (["--label", "²"], "unknown column '²'"),
    "one feature twice": (["--label", "sick", "--features", "height,height"], "height"),
    "the label among the features": (["--label", "sick", "--features", "height,sick"], "sick"),
    "the label dropped": (["--label", "sick", "--drop", "sick"], "sick"),
    "an unknown positive value": (["--label", "sick", "--positive", "yes"], "unknown label value 'yes'"),
    "an empty list of features": (["--label", "sick", "--features", ""], "must be column names"),
    "features of commas": (["--label", "sick", "--features", ","], "must be column names"),
    "a line that breaks between names": (
        ["--label", "sick", "--features", "height\nweight"],
        "must be column names",
    ),
    "a feature left out": (["--label", "sick", "--features", "height,,weight"], "got 'height,,weight'"),
    "a positive value without a letter": (["--label", "sick", "--positive", ""], "unknown label value ''"),
    "nothing to drop": (["--label", "sick", "--drop", " "], "must be column names"),
    "no label": ([], "--label must name the column to predict, one of height, weight, sick"),
}


@pytest.mark.parametrize("command", [("train",), ("report", "--data")], ids=["train", "report"])
@pytest.mark.parametrize("fault", COLUMNS)
def test_columns_that_make_no_sense_are_refused(fault, command, refused, clinic):
    arguments, sentence = COLUMNS[fault]
    assert sentence in refused(*command, clinic, *arguments)


@pytest.mark.parametrize("command", ["train", "report"])
@pytest.mark.parametrize("word", ["x1", ""])
@pytest.mark.parametrize("option", ["--label", "--features", "--drop", "--positive"])
def test_columns_need_a_file(option, word, command, refused):
    wanted = {"train": f"{option} needs a FILE", "report": "need --data FILE"}[command]
    if not word and option in ("--features", "--drop"):
        wanted = "must be column names"
    assert wanted in refused(command, option, word)


def test_a_file_of_hundreds_of_columns_is_not_recited(refused, folder):
    names = ",".join(f"column{i}" for i in range(500))
    (folder / "wide.csv").write_text(f"{names}\n{','.join('1' * 500)}\n")
    assert len(refused("train", "wide.csv", "--label", "colunm7")) < 500


# Options


OPTIONS = {
    "--learning-rate nan": "learning_rate must be finite and > 0, got nan",
    "--learning-rate inf": "learning_rate must be finite and > 0, got inf",
    "--learning-rate 0": "learning_rate must be finite and > 0, got 0",
    "--learning-rate -1": "learning_rate must be finite and > 0, got -1",
    "--learning-rate -1e3": "learning_rate must be finite and > 0, got -1000",
    "--learning-rate fast": "must be a number > 0 or auto, got 'fast'; or a schedule: constant, step",
    "--learning-rate 0.1.2": "must be a number > 0 or auto, got '0.1.2'",
    "--learning-rate cosin(0.1)": "did you mean 'cosine'",
    "--learning-rate cosine(": "a schedule must be written like cosine(0.1, 100)",
    "--learning-rate cosine(0.1,floor=0.2)": "floor must be <= 0.1",
    "--epochs -1": "must be a whole number >= 0, got '-1'",
    "--epochs 1e3": "must be a whole number >= 0, got '1e3'",
    "--epochs=--5": "must be a whole number >= 0, got '--5'",
    "--epochs ²": "must be a whole number >= 0",
    "--batch-size 0": "must be a whole number >= 1, got '0'",
    "--batch-size few": "must be a whole number >= 1, got 'few'",
    "--seed -1": "must be a whole number >= 0, got '-1'",
    "--test-share 0": "between 0 and 1",
    "--test-share 1": "between 0 and 1",
    "--test-share nan": "between 0 and 1",
    "--test-share 0.001": "leaves one part",
    "--penalty l2 --alpha nan": "must be finite and >= 0, got nan",
    "--penalty l2 --alpha -1": "must be finite and >= 0, got -1",
    "--penalty l3": "invalid choice: 'l3'",
    "--loss nl": "invalid choice: 'nl': did you mean 'nll'? choose from nll, mse,",
    "--penalty elasticnet": "did you mean 'elastic_net'?",
    "--penalty L3": "choose from l1, l2, elastic_net",
    "--alpha strong": "must be finite and >= 0, got strong",
    "--lang de": "invalid choice: 'de': choose from en, ru",
    "--colour": "unrecognized arguments: --colour",
    "--standard": "unrecognized arguments: --standard: did you mean '--standardize'?",
    "--learning_rate=0.2": "--learning_rate=0.2: did you mean '--learning-rate'?",
    "--batchsize 3": "did you mean '--batch-size'?",
}


@pytest.mark.parametrize("option", OPTIONS)
def test_options_that_make_no_sense_are_refused(option, refused, clinic):
    assert OPTIONS[option] in refused("train", clinic, "--label", "sick", *option.split())


# Output


@pytest.mark.parametrize("option", ["-o", "--save-run"])
def test_an_output_that_cannot_be_written_is_refused_before_any_work(option, refused, folder, clinic):
    (folder / "folder").mkdir()
    start = ["train", clinic, "--label", "sick", option]
    assert "the folder no/such does not exist" in refused(*start, "no/such/file.json")
    assert "it is a folder" in refused(*start, "folder")
    assert "clinic.csv" in refused(*start, clinic / "file.json")
    assert "cannot write no/file" in refused("train", "nothing.csv", "--label", "y", option, "no/file")


def test_a_folder_without_permission_is_refused(refused, clinic, monkeypatch):
    """Permission is refused by hand, since the tests may run as root, whom nothing is refused."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "no permission" in refused("train", clinic, "--label", "sick", "-o", "m.json")


def test_predict_refuses_a_missing_output_folder(refused, solo, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    assert "the folder no does not exist" in refused("predict", "m.json", clinic, "-o", "no/out.csv")


@pytest.mark.parametrize("command", ["train", "predict"])
def test_a_device_or_a_pipe_is_not_replaced_by_a_file(command, refused, solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("pipe")
    arguments = [clinic, "--label", "sick"] if command == "train" else ["m.json", clinic]
    for target in ("pipe", "link", os.devnull):
        assert f"cannot write {target}: it is a device or a pipe" in refused(
            command, *arguments, "-o", target
        )
    assert (folder / "pipe").is_fifo()


def test_model_and_run_do_not_share_a_file(refused, clinic):
    refused("train", clinic, "--label", "sick", "-o", "same.json", "--save-run", "same.json")


def test_what_was_learned_from_is_not_written_over(refused, clinic):
    refused("train", clinic, "--label", "sick", "-o", clinic)


def test_a_disk_that_fills_up_leaves_the_older_file_and_no_half_one(solo, folder, clinic, monkeypatch):
    (folder / "m.json").write_text("old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = solo("train", clinic, "--label", "sick", "-o", "m.json", "--quiet", "--force")
    assert answer.code == 2
    assert answer.err.startswith("soloneuron: cannot write m.json: No space left on device; nor elsewhere: ")
    assert len(answer.err.splitlines()) == 1
    assert (folder / "m.json").read_text() == "old"
    assert {path.name for path in folder.iterdir()} == {"m.json", "clinic.csv"}
