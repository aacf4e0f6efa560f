"""Text files are written whole or not at all; JSON is read with care."""

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.errors import InputError, RecordError
from soloneuron.storage.files import check_writable, read_json, write_json, write_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def names(folder):
    return {path.name for path in folder.iterdir()}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_written_is_what_stands_there(tmp_path, content):
    write_text(tmp_path / "file", content)
    assert (tmp_path / "file").read_bytes() == content.encode()
    assert names(tmp_path) == {"file"}


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_fault_at_any_step_leaves_the_old_file_and_no_half_one(step, fault, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("old")

    def fail(*_):
        raise fault

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(InputError if isinstance(fault, OSError) else KeyboardInterrupt) as caught:
        write_text(tmp_path / "file", "new")
    if isinstance(fault, OSError):
        assert str(caught.value) == f"cannot write {tmp_path / 'file'}: No space left on device"
        assert caught.value.code == "output.failed"
    monkeypatch.undo()
    assert (tmp_path / "file").read_text() == "old"
    assert names(tmp_path) == {"file"}


def test_the_new_file_stands_in_place_only_when_it_is_whole(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("old")
    swap, seen = os.replace, []

    def watch(source, target):
        beside, old = Path(source), Path(target)
        seen.append((beside.parent, beside.read_text(), old.read_text()))
        swap(source, target)

    monkeypatch.setattr(os, "replace", watch)
    write_text(tmp_path / "file", "new")
    assert seen == [(tmp_path, "new", "old")]


def test_the_file_may_be_read_by_those_the_umask_lets(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "file", "text")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path):
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to("target")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def test_the_longest_name_the_disk_takes_can_be_written(tmp_path):
    name = "n" * 255
    write_text(tmp_path / name, "text")
    assert names(tmp_path) == {name}


@pytest.mark.parametrize(
    ("path", "code"),
    [("folder", "output.folder"), ("no/file", "output.missing"), ("file/file", "output.missing")],
)
def test_a_place_that_cannot_be_written_is_refused(path, code, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("old")
    for act in (check_writable, lambda place: write_text(place, "new")):
        with pytest.raises(InputError, match="cannot write") as caught:
            act(tmp_path / path)
        assert caught.value.code == code
    assert (tmp_path / "file").read_text() == "old"


def test_a_folder_without_permission_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: not (str(path) == str(tmp_path) and mode == os.W_OK))
    with pytest.raises(InputError, match="no permission") as caught:
        check_writable(tmp_path / "file")
    assert caught.value.code == "output.permission"


# JSON


@given(st.dictionaries(st.text(), JSON))
def test_a_record_comes_back_as_it_was(tmp_path, record):
    record |= {"format": "thing", "version": 1}
    write_json(tmp_path / "file", record)
    assert read_json(tmp_path / "file", format="thing", version=1) == record


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_json_is_refused_and_nothing_is_written(number, tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "file", {"number": number})
    assert names(tmp_path) == set()


def test_numbers_stand_in_one_line_and_letters_as_themselves(tmp_path):
    write_json(tmp_path / "file", {"имя": [1.5, 2, -3e300], "rows": [[1, 2], [3, 4]], "words": ["a, [b]"]})
    lines = (tmp_path / "file").read_text(encoding="utf-8").splitlines()
    assert '  "имя": [1.5, 2, -3e+300],' in lines
    assert "    [1, 2]," in lines
    assert '    "a, [b]"' in lines


FAULTS = {
    "empty": (b"", "not valid JSON"),
    "cut": (b'{"format": "thing", "ver', "cut short"),
    "list": (b"[]", "must be a thing file, got 'list'"),
    "no format": (b'{"version": 1}', "must be a thing file, got None"),
    "other format": (b'{"format": "song", "version": 1}', "must be a thing file, got 'song'"),
    "newer": (b'{"format": "thing", "version": 3}', "version 3 of thing; this soloneuron reads up to 2"),
    "version 0": (b'{"format": "thing", "version": 0}', "version 0"),
    "version in words": (b'{"format": "thing", "version": "1"}', "version '1'"),
    "version true": (b'{"format": "thing", "version": true}', "version True"),
    "no version": (b'{"format": "thing"}', "version None"),
    "no text": (b"\xff\xfe\x00", "not text"),
    "nested without end": (b"[" * 100_000, "not valid JSON"),
    "a number without end": (b"1" * 5000, "not valid JSON"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_such_record_is_refused_by_name(fault, tmp_path):
    content, sentence = FAULTS[fault]
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(RecordError) as caught:
        read_json(tmp_path / "file", format="thing", version=2)
    assert sentence in str(caught.value)
    assert str(tmp_path / "file") in str(caught.value)


@pytest.mark.parametrize("version", [1, 2])
def test_every_version_up_to_ours_is_read(version, tmp_path):
    write_json(tmp_path / "file", {"format": "thing", "version": version})
    assert read_json(tmp_path / "file", format="thing", version=2)["version"] == version


def test_what_cannot_be_read_is_an_input_error(tmp_path):
    for path, reason in ((tmp_path / "nothing", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(InputError, match=reason):
            read_json(path, format="thing", version=1)


def test_the_file_is_json_for_everybody(tmp_path):
    write_json(tmp_path / "file", {"a": [1, 2], "b": {"c": None}})
    assert json.loads((tmp_path / "file").read_text()) == {"a": [1, 2], "b": {"c": None}}
