"""Guards are those of the system; where there are none, that is told and nothing fails."""

import signal
import subprocess
import sys

import pytest

from soloneuron.checking import workers
from soloneuron.checking.isolation import landlock, limits, namespaces, users
from soloneuron.checking.isolation.frames import ChannelBrokenError, frame
from soloneuron.checking.workers import ForkedWorkers, SpawnedWorker, SpawnedWorkers, best_workers


@pytest.fixture(params=["win32", "darwin"])
def elsewhere(request, monkeypatch):
    monkeypatch.setattr(sys, "platform", request.param)
    return request.param


def test_without_linux_there_are_neither_namespaces_nor_landlock(elsewhere, tmp_path):
    assert landlock.landlock_version() == 0
    assert landlock.lock_down(readable=(), writable=(str(tmp_path),)) == ()
    assert namespaces.leave_namespaces() == ()
    namespaces.die_with_parent()
    namespaces.hide_memory()
    assert elsewhere == sys.platform


def test_without_users_nobody_else_can_be_become(monkeypatch, tmp_path):
    monkeypatch.delattr("os.geteuid")
    assert users.become_nobody(str(tmp_path), 1, reading=True) == ()


def test_without_resources_nothing_is_limited(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    assert limits.limit_resources(5) == ()


def test_elsewhere_a_worker_is_spawned_and_its_tree_is_ended(elsewhere, monkeypatch):
    assert isinstance(best_workers(), SpawnedWorkers)
    ended = []
    monkeypatch.setattr(subprocess, "run", lambda words, **_: ended.append(words))
    monkeypatch.setattr(workers.os, "killpg", lambda *given: ended.append(given))
    worker = spawned("import sys; sys.stdin.read()")
    number = worker.process.pid
    worker.kill()
    assert worker.process.returncode is not None
    assert ended == [
        ["taskkill", "/F", "/T", "/PID", str(number)] if elsewhere == "win32" else (number, signal.SIGKILL)
    ]


def test_on_linux_workers_are_forked_once_the_parent_is_warm(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ForkedWorkers, "_begin", lambda _: None)
    assert isinstance(best_workers(), ForkedWorkers)


def spawned(code):
    """A worker of the spawn form whose code is this."""
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", code], stdin=-1, stdout=-1, stderr=subprocess.DEVNULL
    )
    return SpawnedWorker(process)


def test_messages_of_a_spawned_worker_go_over_its_standard_streams():
    echo = "import sys; data = sys.stdin.buffer.read1(); sys.stdout.buffer.write(data); sys.stdout.flush()"
    worker = spawned(echo)
    worker.send({"token": "1"})
    assert worker.receive(60) == {"token": "1"}
    with pytest.raises(ChannelBrokenError):
        worker.receive(60)
    worker.kill()
    with pytest.raises(ChannelBrokenError):
        worker.send({})


def test_a_spawned_worker_that_floods_is_read_no_further_than_a_message():
    flood = f"import os\nwhile True: os.write(1, {frame([0])!r})"
    worker = spawned(flood)
    assert worker.receive(60) == [0]
    worker.kill()
    assert worker.came.qsize() <= worker.came.maxsize
