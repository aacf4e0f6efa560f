"""``--stream`` answers as without it, and ``soloneuron cache`` tells what is kept."""

import json
import shutil
import threading

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from process_groups import PATIENCE, in_threads
from soloneuron import InputError
from soloneuron.cli import machines, main
from soloneuron.cli.parser import make_parser
from soloneuron.cli.screen import Screen
from soloneuron.cli.train_stream import streamed_rows
from soloneuron.data.tiles import stream
from soloneuron.data.tiles.cache import cache_folder
from soloneuron.data.tiles.conversion import convert

ROWS = 400


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch, tmp_path):
    monkeypatch.setattr("soloneuron.formulas.pairwise.TILE_BYTES", 2048)
    monkeypatch.setenv("SOLONEURON_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    dice = np.random.default_rng(0)
    a, b = dice.standard_normal((2, ROWS))
    made = pa.table({"a": a, "b": 5 * b, "y": np.where(a + b > dice.standard_normal(ROWS), "yes", "no")})
    parquet.write_table(made, "rows.parquet")


def answered(capsys, *words):
    assert main(list(words)) == 0
    return capsys.readouterr().out


def trained(capsys, *words):
    return json.loads(answered(capsys, "train", "rows.parquet", "--label", "y", "--json", *words))


@pytest.mark.parametrize(
    "words", ["", "--standardize --test-share 0.25", "--batch-size 16 --no-shuffle --dtype float32"]
)
def test_a_stream_is_trained_as_rows_in_memory(words, capsys):
    memory, tiles = (trained(capsys, *words.split(), "--epochs", "5", *more) for more in ([], ["--stream"]))
    assert tiles["weights"] == pytest.approx(memory["weights"], rel=1e-12)
    assert tiles["losses"] == pytest.approx(memory["losses"], rel=1e-12)
    assert tiles["outcome"]["kind"] == memory["outcome"]["kind"]
    for part, wanted in memory["metrics"].items():
        assert tiles["metrics"][part] == pytest.approx(wanted, rel=1e-6)


def test_a_stream_is_shuffled_by_tiles_and_says_so(capsys):
    words = ("train", "rows.parquet", "--label", "y", "--stream", "--batch-size", "32", "--epochs", "2")
    assert "shuffled by tiles (not the uniform order)" in answered(capsys, *words)
    assert trained(capsys, "--stream", "--batch-size", "32", "--epochs", "2")["recipe"]["shuffle"] == "tiles"


def test_a_model_measures_and_predicts_a_stream(capsys):
    trained(capsys, "--epochs", "3", "-o", "model.json")
    for words in (
        ("evaluate", "model.json", "rows.parquet", "--json"),
        ("predict", "model.json", "rows.parquet"),
    ):
        memory, tiles = answered(capsys, *words), answered(capsys, *words, "--stream")
        if words[0] == "predict":
            assert tiles == memory
        else:
            assert json.loads(tiles)["metrics"] == pytest.approx(json.loads(memory)["metrics"], rel=1e-12)
    answered(capsys, "predict", "model.json", "rows.parquet", "--stream", "-o", "out.csv")
    with open("out.csv", encoding="utf-8") as file:
        assert file.read() == memory


def test_the_cache_is_listed_and_cleared(capsys):
    assert "0 sets of rows" in answered(capsys, "cache")
    trained(capsys, "--stream", "--epochs", "1")
    assert "rows.parquet" in answered(capsys, "cache")
    (kept,) = json.loads(answered(capsys, "cache", "--json"))["rows"]
    assert (kept["rows"], kept["columns"], kept["whole"]) == (ROWS, ["a", "b"], True)
    assert "1 набор строк" in answered(capsys, "cache", "--lang", "ru")
    assert "deleted one set of rows" in answered(capsys, "cache", "--clear")
    assert json.loads(answered(capsys, "cache", "--json"))["rows"] == []


@pytest.mark.parametrize(
    "words",
    [
        "train --stream",
        "train rows.parquet --label y --memory 64M",
        "train rows.parquet --label y --cache here",
        "train rows.parquet --stream",
        "train rows.parquet --label z --stream",
        "train rows.parquet --label y --stream --memory 1M",
        "train rows.parquet --label y --stream --cache rows.parquet",
        "train none.parquet --label y --stream",
        "train *.csv --label y --stream",
    ],
)
def test_a_wrong_stream_is_one_sentence_and_exit_code_2(words, capsys):
    assert main(words.split()) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("soloneuron: ")


def read_by(group, words):
    """What a process of a group reads of a stream, the arguments being those of ``train``."""
    options = make_parser().parse_args(["train", "rows.parquet", "--label", "y", "--stream", *words])
    return streamed_rows(options, Screen("en", quiet=True), group)


def test_one_process_of_a_machine_converts_and_all_train_on_tiles(monkeypatch):
    made = []
    monkeypatch.setattr("soloneuron.formulas.pairwise.TILE_BYTES", 1)
    monkeypatch.setattr(stream, "convert", lambda *given: made.append(1) or convert(*given))
    words = ["--test-share", "0.25", "--standardize"]
    alone = read_by(None, words)
    for path in cache_folder().iterdir():
        shutil.rmtree(path, ignore_errors=True)
    made.clear()
    found = in_threads(2, lambda group: read_by(group, words))
    assert len(made) == 1
    for rank, rows in enumerate(found):
        assert rows.scaling == alone.scaling
        assert rows.learned.features.span.start == (0 if rank == 0 else 160)
        assert torch.equal(rows.learned.features.here[:], alone.learned.features[rows.learned.features.span])
        assert torch.equal(rows.held.features[:], alone.held.features[:])


def test_what_one_process_is_refused_all_are_told():
    def work(group):
        with pytest.raises(InputError) as caught:
            read_by(group, ["--drop", "a,b"])
        return str(caught.value)

    told = in_threads(2, work)
    assert len(set(told)) == 1
    assert "has no column to learn from (in process 0 of 2)" in told[0]


def test_whoever_waits_is_told_that_somebody_works(monkeypatch):
    monkeypatch.setattr(machines, "PULSE", 0.001)
    beats, go_on = [], threading.Event()

    def work():
        go_on.wait(PATIENCE)
        return "done"

    def rank(group):
        gather = group.gather

        def counted(mine):
            beats.append(1)
            if len(beats) > 8:
                go_on.set()
            return gather(mine)

        group.gather = counted
        return machines.once_a_machine(work, group)

    assert in_threads(2, rank) == ["done", None]
