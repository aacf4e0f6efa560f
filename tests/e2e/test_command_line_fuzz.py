"""Seven hundred command lines: an answer or one sentence, never a crash, an escape or half a file."""

import io
import json
import os
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from command_lines import command_line
from soloneuron.cli import main
from soloneuron.records.study import Study
from soloneuron.storage.findings import save_study

LINES = 700
OWN_PROCESS = 20
"""One in so many runs as a process of its own."""

CODES = {0, 2, 3}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """A folder with good files and odd ones."""
    folder = tmp_path_factory.mktemp("stage")
    before = Path.cwd()
    os.chdir(folder)
    (folder / "good.csv").write_text("x,z,y\n1,2,0\n2,1,1\n3,5,0\n4,1,1\n1,1,0\n5,2,1\n")
    (folder / "names.csv").write_text(
        "\x1b[2J,\u202ename,=x,y\n1,2,3,=cmd()\n2,1,1,\x1b[31mred\n3,5,4,=cmd()\n4,1,2,\x1b[31mred\n",
        newline="",
    )
    for name in (b"\xff.csv", b"odd\x1b[2J.csv"):
        Path(os.fsdecode(name)).write_text("x,y\n1,0\n2,1\n3,0\n")
    start = ["train", "good.csv", "--label", "y", "--epochs", "3", "--quiet"]
    assert main([*start, "-o", "m.json", "--save-run", "r.json"]) == 0
    assert main([*start, "--save-run", os.fsdecode(b"\xfe.json")]) == 0
    save_study(Study((), "soloneuron report", {"torch": "\x1b[2J"}, 0, None), "f.json")
    (folder / "notes.txt").write_text("mine\n")
    (folder / "page.html").write_text("<!doctype html>\nmine\n")
    (folder / "text.json").write_text("no json")
    (folder / "zero.json").write_text("")
    (folder / "twice.json").write_text('{"format": "soloneuron model", ' + '"a": 1, ' * 30_000 + '"a": 1}')
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "folder").mkdir()
    (folder / "loop").symlink_to("loop")
    (folder / "link.json").symlink_to("notes.txt")
    yield folder
    os.chdir(before)


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def called(words, monkeypatch):
    """The program inside this process: its code, what it printed, and where."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    for name, stream in zip(("stdout", "stderr"), streams, strict=True):
        monkeypatch.setattr(sys, name, stream)
    try:
        code = main(words)
    except SystemExit as end:
        code = end.code
    finally:
        monkeypatch.undo()
    for stream in streams:
        stream.flush()
    return code, *(stream.buffer.getvalue().decode() for stream in streams)


def typed(words):
    """The program as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "soloneuron", *(word.encode("utf-8", "surrogateescape") for word in words)],
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def whole(path, content):
    """Whether a file that was written is a whole one of its kind."""
    if path.suffix == ".json" or content.startswith(b"{"):
        return isinstance(json.loads(content), dict)
    endings = {".html": b"</html>", ".svg": b"</svg>", ".csv": b"\n"}
    ending = endings.get(path.suffix, b">" if content.startswith(b"<") else b"\n")
    return content.rstrip(b" \n").endswith(ending.strip()) if ending != b"\n" else content.endswith(b"\n")


def faults_of(answer, words, before, after):
    """All that is wrong with an answer."""
    code, out, err = answer
    odd = {letter for letter in out + err if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cs")}
    odd |= {
        letter for letter in out + err if "\u202a" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069"
    }
    mine = [
        name for name in ("notes.txt", "good.csv", "page.html") if before[Path(name)] != after.get(Path(name))
    ]
    changed = [path for path in after if after[path] != before.get(path)]
    return {
        "traceback": "Traceback" in out + err,
        "code": code not in CODES,
        "escape": odd,
        "silence": code == 2 and len(err.splitlines()) < 1,
        "lines": code == 2 and len([line for line in err.splitlines() if ": note:" not in line]) != 1,
        "half file": [path for path in changed if not whole(path, after[path])],
        "left behind": [path for path in after if path.name.endswith(".part")],
        "not ours": mine and "--force" not in words,
        "written though refused": code == 2 and changed,
    }


@pytest.mark.slow
def test_no_command_line_crashes_escapes_or_leaves_half_a_file(stage, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    before, wrong, codes, written = contents(stage), {}, Counter(), set()
    for seed in range(LINES):
        words = command_line(seed)
        alone = seed % OWN_PROCESS == 0 and not any("\0" in word for word in words)
        answer = typed(words) if alone else called(words, monkeypatch)
        monkeypatch.setenv("LC_ALL", "C.UTF-8")
        after = contents(stage)
        found = {name: fault for name, fault in faults_of(answer, words, before, after).items() if fault}
        if found:
            wrong[seed] = (words, found, answer[2][-300:])
        for path in after.keys() - before.keys():
            (stage / path).unlink()
        for path, content in before.items():
            if after.get(path) != content:
                (stage / path).write_bytes(content)
        codes[answer[0]] += 1
        written |= {path.suffix for path in after if after[path] != before.get(path)}
    assert wrong == {}
    assert min(codes[0], codes[2]) > LINES / 5
    assert written >= {".json", ".csv", ".svg", ".html"}
