"""Files are written whole or not at all, and read up to a size."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.errors import InputError, RecordError
from soloneuron.storage.files import check_writable, jsonable, read_bytes, write_text


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
    for act in (check_writable, lambda location: write_text(location, "new")):
        with pytest.raises(InputError, match="cannot write") as caught:
            act(tmp_path / path)
        assert caught.value.code == code
    assert (tmp_path / "file").read_text() == "old"


def test_a_folder_without_permission_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: not (str(path) == str(tmp_path) and mode == os.W_OK))
    with pytest.raises(InputError, match="no permission") as caught:
        check_writable(tmp_path / "file")
    assert caught.value.code == "output.permission"


# Reading


def test_a_file_is_read_up_to_its_limit_and_a_larger_one_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(b"12345")
    assert read_bytes(tmp_path / "file", 5) == b"12345"
    with pytest.raises(RecordError, match="file must be a file of at most 4 bytes") as caught:
        read_bytes(tmp_path / "file", 4)
    assert caught.value.code == "record.size"


def test_a_file_that_says_it_is_too_large_is_not_read(tmp_path):
    with open(tmp_path / "file", "wb") as file:
        file.truncate(2**40)
    with pytest.raises(RecordError, match="at most 1,000 bytes"):
        read_bytes(tmp_path / "file", 1000)


def test_of_a_pipe_no_more_than_the_limit_is_read(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    holder = os.open(path, os.O_RDWR)
    os.write(holder, b"x" * 100)
    with pytest.raises(RecordError, match="at most 50 bytes"):
        read_bytes(path, 50)
    os.close(holder)


def test_what_cannot_be_read_is_an_input_error(tmp_path):
    for path, reason in ((tmp_path / "nothing", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(InputError, match=reason):
            read_bytes(path, 10)


def test_a_number_that_json_does_not_know_is_none_in_an_answer_for_machines():
    assert jsonable({"a": [1.5, float("inf")], "b": (float("nan"),)}) == {"a": [1.5, None], "b": [None]}
