"""Every command that writes asks before its work whether it may; else nothing is written, and it says why."""

import os
import shutil

import pytest

from soloneuron.cli import main

COMMANDS = {
    "train": (["train"], "-o", "json"),
    "train --save-run": (["train"], "--save-run", "json"),
    "predict": (["predict", "m.json", "rows.csv"], "-o", "csv"),
    "data": (["data", "moons"], "-o", "csv"),
    "graph": (["graph", "a+b", "a=1", "b=2"], "-o", "svg"),
    "plot": (["plot", "r.json"], "-o", "html"),
    "compare": (["compare", "r.json", "s.json"], "-o", "html"),
    "replay": (["replay", "r.json"], "-o", "html"),
    "report": (["report"], "-o", "html"),
    "report --save": (["report"], "--save", "json"),
    "experiment": (["experiment", "saddle"], "-o", "json"),
}
WAYS = {
    "folder": "it is a folder",
    "loop.{}": "a loop of links",
    "pipe.{}": "a device or a pipe",
    "/dev/zero": "a device or a pipe",
    "no/x.{}": "the folder no does not exist",
    "nul\0.{}": "embedded null",
    "n" * 300 + ".{}": "File name too long",
    "x.parquet": "must end in",
    "x.xlsx": "must end in",
    "mine.{}": "replace it with --force",
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Rows, and a model and a run of them."""
    made = tmp_path_factory.mktemp("trained")
    (made / "rows.csv").write_text("x1,x2,y\n1,2,0\n2,1,1\n3,1,0\n")
    files = ["-o", str(made / "m.json"), "--save-run", str(made / "r.json")]
    assert main(["train", str(made / "rows.csv"), "--label", "y", *files, "--quiet"]) == 0
    return made


@pytest.fixture
def stage(folder, trained):
    """A model, two runs, rows, and things that cannot be written."""
    for source, name in (
        ("rows.csv", "rows.csv"),
        ("m.json", "m.json"),
        ("r.json", "r.json"),
        ("r.json", "s.json"),
    ):
        shutil.copy(trained / source, folder / name)
    (folder / "folder").mkdir()
    for ending in ("json", "csv", "svg", "html"):
        (folder / f"mine.{ending}").write_text("my notes\n")
        (folder / f"loop.{ending}").symlink_to(f"loop.{ending}")
        os.mkfifo(folder / f"pipe.{ending}")


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("command", COMMANDS)
def test_what_cannot_be_written_is_refused_by_every_command(command, solo, folder):
    words, option, ending = COMMANDS[command]
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for way, why in WAYS.items():
        answer = solo(*words, option, way.format(ending))
        assert (answer.code, answer.out) == (2, ""), way
        assert why in answer.err, way
        assert len(answer.err.splitlines()) == 1
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


READ = {
    "predict": ("predict {} rows.csv", "m.json"),
    "evaluate": ("evaluate {} rows.csv", "m.json"),
    "plot": ("plot {} -o x.html", "r.json"),
    "replay": ("replay {} -o x.html", "r.json"),
    "compare": ("compare r.json {} -o x.html", "s.json"),
    "report": ("report --from {} -o x.html", "f.json"),
}


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("command", READ)
def test_what_is_no_file_of_ours_is_refused_by_every_command_that_reads_one(command, solo, folder):
    line = READ[command][0]
    for odd in (
        "folder",
        "loop.json",
        "/dev/zero",
        "/dev/null",
        "nul\0",
        "n" * 300,
        "gone.json",
        "\udcff",
        "mine.json",
    ):
        answer = solo(*(odd if word == "{}" else word for word in line.split()))
        assert (answer.code, answer.out) == (2, ""), odd
        assert len(answer.err.splitlines()) == 1
        assert "\0" not in answer.err
    assert not (folder / "x.html").exists()
