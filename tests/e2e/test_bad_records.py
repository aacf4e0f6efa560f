"""Model, run and findings files that nobody can read: one sentence and exit code 2, at once."""

import json
import time
from dataclasses import replace

import pytest

from run_records import FORMAT_1
from soloneuron.storage.findings import load_study, save_study
from soloneuron.storage.models import read_model, write_model
from soloneuron.storage.runs import read_run, write_run

READERS = {
    "predict": ("model", ("predict", "f.json", "rows.csv")),
    "evaluate": ("model", ("evaluate", "f.json", "rows.csv")),
    "plot": ("run", ("plot", "f.json")),
    "compare": ("run", ("compare", "f.json", "other.json")),
    "replay": ("run", ("replay", "f.json")),
    "report": ("findings", ("report", "--from", "f.json")),
}
OLD = {"model": "model.json", "run": "run.json", "findings": "findings.json"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A file of each kind in format 2."""
    folder = tmp_path_factory.mktemp("files")
    write_model(read_model(FORMAT_1 / "model.json"), folder / "model")
    write_run(read_run(FORMAT_1 / "run.json"), folder / "run")
    study = load_study(FORMAT_1 / "findings.json")
    save_study(replace(study, findings=study.findings[2:]), folder / "findings")
    return {kind: (folder / kind).read_bytes() for kind in OLD}


@pytest.fixture(autouse=True)
def rows(folder):
    (folder / "rows.csv").write_text("height,weight,sick\n170,60,no\n160,80,yes\n")
    (folder / "other.json").write_bytes((FORMAT_1 / "run.json").read_bytes())


def edited(content, **change):
    record = json.loads(content) | change
    record.pop("digest", None)
    return json.dumps(record).encode()


def damaged(content):
    """The last digit of the file is another one."""
    at = max(content.rfind(b"%d" % digit) for digit in range(10))
    return content[:at] + (b"1" if content[at : at + 1] != b"1" else b"2") + content[at + 1 :]


def added(value):
    """An edit that adds a field with a value, as JSON."""
    return lambda content: edited(content, added=7)[:-2] + value + b"}"


FAULTS = {
    "newer": (lambda content: edited(content, version=3), "update soloneuron"),
    "damaged": (damaged, "was changed or damaged after it was written"),
    "cut": (lambda content: content[: len(content) // 2], "f.json"),
    "nan": (added(b"[1, NaN]"), "added[1] in f.json must be a finite number"),
    "1e400": (added(b"1e400"), "added in f.json must be a finite number"),
    "a field twice": (added(b'0, "added": 1'), "f.json must have every field once, got 'added' twice"),
    "20,000 repeated fields": (
        added(b'{"a": 0' + b', "a": 0' * 20_000 + b"}"),
        "added in f.json must have every field once, got 'a' twice",
    ),
    "depth 10,000": (added(b"[" * 10_000 + b"]" * 10_000), "nested without end"),
    "half a letter": (added(rb'"\ud800"'), "added in f.json must be a text"),
    "no UTF-8": (added(b'"\xff"'), "is not text in UTF-8"),
    "a number of 5,000 digits": (added(b"1" * 5000), "a number without end"),
    "a list": (lambda _: b"[1, 2]", "file, got 'list'"),
    "a table": (lambda _: b"height,weight\n1,2\n", "text that is not valid JSON"),
    "empty": (lambda _: b"", "is not valid JSON"),
    "zero bytes": (lambda _: b"\0" * 100, "text that is not valid JSON"),
}


CASES = [
    (reader, fault)
    for fault in FAULTS
    for reader in READERS
    if (READERS[reader][0], fault) != ("model", "damaged")
]
"""All but a damaged model: models are for people to edit and have no digest."""


@pytest.mark.parametrize(("reader", "fault"), CASES)
def test_what_is_wrong_is_one_sentence_within_a_second(reader, fault, refused, folder, files):
    kind, command = READERS[reader]
    make, sentence = FAULTS[fault]
    (folder / "f.json").write_bytes(make(files[kind]))
    before = time.process_time()
    told = refused(*command)
    assert time.process_time() - before < 1
    assert "f.json" in told
    assert sentence in told


@pytest.mark.parametrize("reader", ["predict", "evaluate", "plot", "report"])
def test_files_of_format_1_are_read(reader, solo, folder):
    kind, command = READERS[reader]
    (folder / "f.json").write_bytes((FORMAT_1 / OLD[kind]).read_bytes())
    assert solo(*command).code == 0
