"""A file that is written again and again is whole at any time, and waits for the disk now and then."""

import os
import secrets

import pytest

from soloneuron.errors import InputError
from soloneuron.storage import rewritten_file
from soloneuron.storage.rewritten_file import RewrittenFile


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_every_content_takes_the_place_of_the_former_one(tmp_path):
    file = RewrittenFile(tmp_path / "file")
    for content in (b"first", b"2", b"", b"x" * 10**6):
        file.write(content)
        assert (tmp_path / "file").read_bytes() == content
        assert names(tmp_path) == {"file"}
    file.finish()


def test_the_first_and_the_last_reach_the_disk_and_some_between(tmp_path, monkeypatch):
    now, synced, sync = [100.0], [], os.fsync
    monkeypatch.setattr(rewritten_file, "monotonic", lambda: now[0])
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(now[0]), sync(handle)))
    file = RewrittenFile(tmp_path / "file")
    for second in (0, 0.5, 0.9, 1.5, 1.6, 2.4):
        now[0] = 100 + second
        file.write(b"content")
    assert synced == [100, 101.5]
    file.finish()
    file.finish()
    assert synced == [100, 101.5, 102.4]


@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_fault_at_any_step_leaves_the_former_content_and_no_half_one(step, fault, tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"former")
    file = RewrittenFile(tmp_path / "file")

    def fail(*_):
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(InputError if isinstance(fault, OSError) else KeyboardInterrupt) as caught:
            file.write(b"new")
    if isinstance(fault, OSError):
        assert str(caught.value) == f"cannot write {tmp_path / 'file'}: No space left on device"
    assert (tmp_path / "file").read_bytes() == b"former"
    assert names(tmp_path) == {"file"}


@pytest.mark.parametrize("name", ["n" * 255, "ы" * 127])
def test_the_longest_name_the_disk_takes_can_be_written(name, tmp_path):
    file = RewrittenFile(tmp_path / name)
    file.write(b"first")
    file.write(b"last")
    assert (tmp_path / name).read_bytes() == b"last"
    assert names(tmp_path) == {name}


def test_a_link_that_lies_where_the_content_is_made_is_neither_followed_nor_taken_away(tmp_path, monkeypatch):
    (tmp_path / "secret").write_bytes(b"precious")
    monkeypatch.setattr(secrets, "token_hex", lambda count: "0" * 2 * count)
    monkeypatch.setattr(os, "getpid", lambda: 7)
    link = tmp_path / ".soloneuron-7-00000000.part"
    link.symlink_to("secret")
    with pytest.raises(InputError, match=r"cannot write .*: File exists"):
        RewrittenFile(tmp_path / "file").write(b"content")
    assert (tmp_path / "secret").read_bytes() == b"precious"
    assert names(tmp_path) == {"secret", link.name}


def test_no_two_contents_are_made_under_one_name(tmp_path, monkeypatch):
    swap, seen = os.replace, []
    monkeypatch.setattr(
        os, "replace", lambda source, target: (seen.append(source.name), swap(source, target))
    )
    file = RewrittenFile(tmp_path / "file")
    for _ in range(3):
        file.write(b"content")
    assert len(set(seen)) == 3


def test_a_disk_that_fails_in_the_end_is_told(tmp_path, monkeypatch):
    file = RewrittenFile(tmp_path / "file")
    file.write(b"first")
    file.write(b"last")

    def fail(_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError, match=r"cannot write .*: Input/output error"):
        file.finish()


def test_the_file_may_be_read_by_those_the_umask_lets(tmp_path):
    before = os.umask(0o027)
    try:
        RewrittenFile(tmp_path / "file").write(b"content")
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


def test_a_place_that_cannot_be_written_is_told_at_once(tmp_path):
    with pytest.raises(InputError, match="it is a folder"):
        RewrittenFile(tmp_path)
