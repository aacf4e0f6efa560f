"""What all files have in common: format, version, digest, numbers that JSON does not know."""

import json
import math
import random

import numpy as np
import pytest

from run_records import FORMAT_1, history, run
from soloneuron.errors import InputError, RecordError
from soloneuron.records.model import ModelRecord
from soloneuron.records.study import Study
from soloneuron.storage import codec
from soloneuron.storage.codec import FINDINGS, MODEL, RUN, as_json, read_file, write_file
from soloneuron.storage.findings import load_study, save_study
from soloneuron.storage.models import read_model, write_model
from soloneuron.storage.runs import read_run, write_run

KINDS = {"model": MODEL, "run": RUN, "findings": FINDINGS}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "f.json"


def text(**fields):
    return json.dumps({"format": "soloneuron run", "version": 2, **fields}).encode()


FAULTS = {
    "empty": (b"", "not valid JSON"),
    "blank": (b" \n", "not valid JSON"),
    "a table": (b"x,y\n1,2\n", "must be a soloneuron run file, got text that is not valid JSON"),
    "cut": (b'{"format": "soloneuron run", "ver', "cut short"),
    "a list": (b"[]", "must be a soloneuron run file, got 'list'"),
    "no format": (b'{"version": 2}', "must be a soloneuron run file, got None"),
    "a format that is a list": (text(format=[1]), "must be a soloneuron run file, got [1]"),
    "a model": (text(format="soloneuron model"), "must be a soloneuron run file, got 'soloneuron model'"),
    "newer": (
        text(version=3),
        "has version 3 of soloneuron run; this soloneuron reads up to 2: update soloneuron",
    ),
    "newer, with another digest": (text(version=9, digest="blake:1"), "version 9"),
    "version 0": (text(version=0), "version 0"),
    "version in words": (text(version="1"), "version '1'"),
    "version true": (text(version=True), "version True"),
    "version null": (text(version=None), "version None"),
    "version with a fraction": (text(version=2.0), "version 2.0"),
    "no text": (b"{\xff\xfe\x00", "not text"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_such_file_is_refused_by_name(fault, path):
    content, sentence = FAULTS[fault]
    path.write_bytes(content)
    with pytest.raises(RecordError) as caught:
        read_file(path, RUN)
    assert sentence in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", [1, 2])
def test_every_version_up_to_ours_is_read(kind, version, path):
    path.write_text(json.dumps({"format": KINDS[kind].format, "version": version, "a": [1, 2.5]}))
    assert read_file(path, KINDS[kind])[0] == version
    assert read_file(path, KINDS[kind])[1]["a"] == [1, 2.5]


def test_a_file_that_is_too_large_is_neither_read_nor_written(path, monkeypatch):
    write_file(path, RUN, {"a": 1})
    monkeypatch.setattr(codec, "MOST_BYTES", 20)
    with pytest.raises(RecordError, match="must be a file of at most 20 bytes"):
        read_file(path, RUN)
    before = path.read_bytes()
    with pytest.raises(InputError, match="larger than 20 bytes"):
        write_file(path, RUN, {"a": 2})
    assert path.read_bytes() == before


# The digest


def test_a_file_says_what_it_is_in_its_first_lines(path):
    write_run(run(), path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["{", '  "format": "soloneuron run",', '  "version": 2,']
    assert lines[3].startswith('  "digest": "sha256:')


def test_a_model_is_for_people_and_has_no_digest(path):
    write_model(ModelRecord((1.0,), 0.5, ("a",), "y", ("0", "1")), path)
    assert "digest" not in path.read_text()


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A small run and a small study, as bytes, with what reads them."""
    folder = tmp_path_factory.mktemp("sealed")
    write_run(run(history(epochs=(0, 1))), folder / "r.json")
    found = load_study(FORMAT_1 / "findings.json").findings[2]
    save_study(Study((found,), "soloneuron report", {"soloneuron": "1"}), folder / "f.json")
    return {
        "run": ((folder / "r.json").read_bytes(), read_run),
        "findings": ((folder / "f.json").read_bytes(), load_study),
    }


@pytest.fixture
def fault(monkeypatch):
    """What the reader of a kind says of bytes, as if they stood in its file."""

    def ask(load, content):
        monkeypatch.setattr(codec, "read_bytes", lambda *_: content)
        with pytest.raises(RecordError) as caught:
            load("f.json")
        return str(caught.value)

    return ask


DAMAGED = "f.json was changed or damaged after it was written"


@pytest.mark.parametrize("kind", ["run", "findings"])
def test_no_flipped_byte_passes(kind, sealed, fault):
    """Each byte with one bit flipped, each with all of them; of the larger file one byte in three."""
    content, load = sealed[kind]
    told = [
        fault(load, content[:i] + bytes([content[i] ^ mask]) + content[i + 1 :])
        for i in range(0, len(content), 3 if kind == "findings" else 1)
        for mask in (1 << i % 8, 0xFF)
    ]
    # Its first byte, its format and its version call some files by another name.
    others = [sentence for sentence in told if not sentence.startswith(DAMAGED)]
    assert len(others) < 50
    assert all("must be a soloneuron" in sentence or "has version" in sentence for sentence in others)


@pytest.mark.parametrize("kind", ["run", "findings"])
def test_no_byte_replaced_by_any_other_passes(kind, sealed, fault):
    content, load = sealed[kind]
    chance = random.Random(7)
    for i in (*range(230), *(chance.randrange(len(content)) for _ in range(1500))):
        byte = chance.choice([one for one in range(256) if one != content[i]])
        assert fault(load, content[:i] + bytes([byte]) + content[i + 1 :])


@pytest.mark.parametrize("kind", ["run", "findings"])
def test_bytes_that_are_lost_or_added_are_told(kind, sealed, fault):
    content, load = sealed[kind]
    half = len(content) // 2
    for changed in (
        content[:half],
        content[:half] + content[half + 1 :],
        content + b"\n",
        content[:-1] + b" \n",
    ):
        assert fault(load, changed).startswith(DAMAGED)


def test_a_file_changed_on_purpose_is_read_without_its_digest(path):
    write_run(run(), path)
    record = json.loads(path.read_text())
    record["versions"]["python"] = "3.13"
    path.write_text(json.dumps(record))
    with pytest.raises(RecordError, match="take out its field 'digest'") as caught:
        read_run(path)
    assert caught.value.code == "record.damaged"
    del record["digest"]
    path.write_text(json.dumps(record))
    assert read_run(path).versions == {"python": "3.13"}


def test_a_digest_that_was_moved_is_not_believed(path):
    write_run(run(), path)
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"digest": record.pop("digest")}))
    with pytest.raises(RecordError, match="was changed or damaged"):
        read_run(path)


def test_a_byte_order_mark_does_no_harm(path):
    write_run(run(), path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_run(path).recipe == run().recipe


# Numbers and layout

NUMBERS = [0.1, 1e-320, 5e-324, 1.7976931348623157e308, -0.0, 7, 2**60, 0.30000000000000004]


def test_a_number_comes_back_as_it_was(path):
    write_file(path, RUN, {"a": NUMBERS})
    back = read_file(path, RUN)[1]["a"]
    assert [repr(number) for number in back] == [repr(number) for number in NUMBERS]


@pytest.mark.parametrize("kind", [RUN, FINDINGS], ids=["run", "findings"])
def test_a_number_that_json_does_not_know_is_spelled_one_way_in_every_file(kind, path):
    write_file(path, kind, as_json({"a": [0.5, math.inf, {"b": -math.inf}], "c": math.nan}))
    record = json.loads(path.read_text())
    assert record["a"] == [0.5, {"number": "inf"}, {"b": {"number": "-inf"}}]
    assert record["c"] == {"number": "nan"}
    back = read_file(path, kind)[1]
    assert back["a"] == [0.5, math.inf, {"b": -math.inf}]
    assert math.isnan(back["c"])


def test_numbers_stand_in_one_line_and_letters_as_themselves(path):
    write_file(path, RUN, {"имя": as_json([1.5, 2, math.nan]), "rows": [[1, 2], [3, 4]], "words": ["a, [b]"]})
    lines = path.read_text(encoding="utf-8").splitlines()
    assert '  "имя": [1.5, 2, {"number": "nan"}],' in lines
    assert "    [1, 2]," in lines
    assert '    "a, [b]"' in lines


def test_the_file_is_json_for_everybody(path):
    write_file(path, MODEL, {"a": [1, 2], "b": {"c": None}})
    assert json.loads(path.read_text()) == {
        "format": "soloneuron model",
        "version": 2,
        "a": [1, 2],
        "b": {"c": None},
    }


def test_what_is_no_plain_value_cannot_be_written():
    with pytest.raises(TypeError, match="plain values, got object"):
        as_json({"a": [object()]})


def test_a_number_of_numpy_is_a_number():
    assert type(as_json([np.float64(0.5)])[0]) is float


def test_every_field_is_written_out_defaults_included_also_of_a_record_that_was_read(path):
    write_model(ModelRecord((1.0,), 0.5, ("a",), "y", ("0", "1")), path)
    first = path.read_bytes()
    write_model(read_model(path), path)
    assert path.read_bytes() == first
    assert json.loads(first)["recipe"]["optimizer"]["own"] is False


def test_a_model_is_read_by_its_own_reader_alone(path):
    write_file(path, RUN, {})
    with pytest.raises(RecordError, match="must be a soloneuron model file, got 'soloneuron run'"):
        read_model(path)
