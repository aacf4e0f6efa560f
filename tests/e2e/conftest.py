"""A folder to work in, the program called inside this process or as its own, and files to learn from."""

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache

import pytest
from playwright.sync_api import expect, sync_playwright

from chromium import CHROMIUM, FLAGS
from chromium import PATIENCE as PAGE_PATIENCE
from soloneuron.cli import main
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.playing.page import playground_page

PATIENCE = 300
"""Seconds after which a program that does not end is a failure; a limit, not a measurement."""


@dataclass(frozen=True)
class Answer:
    """What the program answered."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def words(self):
        """What was printed, however the lines were folded."""
        return " ".join(self.out.split())


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder to stand in, and a terminal of the usual width."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def solo(capsys):
    """Call the program inside this process."""

    def call(*arguments):
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code
        return Answer(code, *capsys.readouterr())

    return call


@pytest.fixture
def shell(folder):
    """Call the program as a person does, in a process of its own."""

    def call(*arguments, start=("-m", "soloneuron"), stdout=subprocess.PIPE, **environment):
        done = subprocess.run(
            [sys.executable, *start, *map(str, arguments)],
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1", **environment},
            stdout=stdout,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
        return Answer(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())

    return call


@pytest.fixture
def terminal(folder):
    """Call the program at a terminal, and press Ctrl-C there when a certain text has appeared."""

    def call(*arguments, interrupt_at=None, **environment):
        parent, child = os.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "soloneuron", *map(str, arguments)],
            cwd=folder,
            env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", **environment},
            stdout=child,
            stderr=child,
        )
        os.close(child)
        try:
            seen = _read_on(parent, process, interrupt_at)
            return process.wait(timeout=PATIENCE), seen
        finally:
            process.kill()
            process.wait()
            os.close(parent)

    return call


def _read_on(parent, process, interrupt_at):
    seen, deadline = b"", time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not select.select([parent], [], [], 1)[0]:
            continue
        try:
            piece = os.read(parent, 65536)
        except OSError:  # whoever wrote to the terminal has gone
            break
        if not piece:
            break
        seen += piece
        if interrupt_at is not None and interrupt_at.encode() in seen:
            process.send_signal(signal.SIGINT)
            interrupt_at = None
    return seen.decode()


@pytest.fixture
def refused(solo, folder):
    """The one line with which the program refuses; nothing is written and nothing crashes."""

    def call(*arguments):
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        answer = solo(*arguments)
        assert answer.code == 2
        assert answer.err.startswith("soloneuron")
        assert answer.err.endswith("\n")
        assert len(answer.err.splitlines()) == 1
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
        return answer.err

    return call


@cache
def measuring(name):
    """An experiment's class, and its measuring, which says at once what it has found before on made rows."""
    kind = EXPERIMENTS.load(name)
    measure, known = kind.measure, cache(kind.measure)
    return kind, lambda one: known(one) if getattr(one, "data", None) is None else measure(one)


@pytest.fixture
def measured_once(monkeypatch):
    """An experiment measures once, however many commands ask for it at that size and with that seed."""
    for name in EXPERIMENTS:
        kind, measure = measuring(name)
        monkeypatch.setattr(kind, "measure", measure)


def two_clouds(count):
    """Rows (height, weight, sick) of two overlapping clouds, the same every time."""
    dice = random.Random(20)
    rows = []
    for i in range(count):
        sick = int(i % 5 in {1, 3})
        rows.append((dice.gauss(1.0 * sick, 1.0), dice.gauss(-0.5 * sick, 2.0), sick))
    return rows


@pytest.fixture
def rows():
    """Sixty rows, 24 of them sick."""
    return two_clouds(60)


def clinic_in(folder, rows):
    """The rows as a CSV file in a folder."""
    path = folder / "clinic.csv"
    path.write_text("height,weight,sick\n" + "".join(f"{a!r},{b!r},{c}\n" for a, b, c in rows))
    return path


@pytest.fixture
def clinic(folder, rows):
    """The rows as a CSV file."""
    return clinic_in(folder, rows)


@pytest.fixture(scope="module")
def first_clinic(tmp_path_factory):
    """The same file, for what a module trains once; tests copy what came of it into their own folders."""
    return clinic_in(tmp_path_factory.mktemp("clinic"), two_clouds(60))


@pytest.fixture
def many_rows(folder):
    """A CSV file of 2,500 rows."""
    path = folder / "many.csv"
    path.write_text("height,weight,sick\n" + "".join(f"{a!r},{b!r},{c}\n" for a, b, c in two_clouds(2500)))
    return path


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """The page as a file."""
    place = tmp_path_factory.mktemp("page") / "page.html"
    place.write_text(playground_page(), encoding="utf-8")
    return place.as_uri()


@pytest.fixture
def visit(browser, address):
    """Open the page; at the end there was no request elsewhere and nothing in the console."""
    complaints, contexts = [], []

    def open_page(link="", *, watch="", ready=True, **settings):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **settings})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        context.add_init_script(watch)
        page = context.new_page()
        page.set_default_timeout(PAGE_PATIENCE)
        expect.set_options(timeout=PAGE_PATIENCE)
        page.on("console", lambda line: complaints.append(line.text))
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.on("request", lambda request: request.url.startswith(address) or complaints.append(request.url))
        page.goto(address + link)
        if ready:
            page.wait_for_selector("body[data-ready=true]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
