"""``soloneuron play`` and ``soloneuron train --url`` in the terminal."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from urllib.request import urlopen

import pytest

from soloneuron.playing.link import read_link
from soloneuron.playing.session import Session

LINK = "data=xor&loss=nll&optimizers=adam:0.2,nag:0.01&batch=8&bias=1&step=25"


def test_a_link_gives_the_very_run_of_the_page(solo):
    told = solo("train", "--url", f"http://127.0.0.1:8642/?{LINK}", "--json").json
    session = Session(read_link(LINK))
    session.go(25)
    assert [runner["theta"] for runner in told["runners"]] == [
        runner.state.theta.tolist() for runner in session.race.runners
    ]
    assert told["step"] == 25


def test_a_link_without_a_step_goes_a_hundred(solo):
    assert solo("train", "--url", "data=xor", "--json").json["step"] == 100


def test_a_presentation_is_repeated_as_its_run(solo):
    links = ("data=xor&step=5", "data=xor&present=1&step=5", "present=0&data=xor&step=5")
    one, *others = (solo("train", "--url", link, "--json").json for link in links)
    assert others == [one, one]


def test_a_link_speaks_russian(solo):
    assert "доля верных" in solo("train", "--url", "step=3", "--lang", "ru").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "--url", "data=moon"),
        ("train", "--url", "optimizers=adam:1e9"),
        ("train", "--url", "step=1", "-o", "model.json"),
        ("play", "--port", "0"),
        ("play", "--port", "http"),
        ("play", "--lang", "de"),
        ("play", "--host", "no such host"),
        ("play", "--host", "192.0.2.1"),
        ("play", "-o", "page.txt"),
    ],
)
def test_nonsense_is_one_line_and_exit_code_two(refused, arguments):
    assert refused(*arguments)


@contextmanager
def served(*options):
    """The command in a process of its own, and the address that it tells; Ctrl-C ends it with exit code 0."""
    process = subprocess.Popen(
        [sys.executable, "-m", "soloneuron", "play", "--no-open", "--port", "22000", *options],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        text=True,
    )
    try:
        said = ""
        while not (found := re.search(r"http://\S+", said)):
            line = process.stdout.readline()
            assert line, f"the server ended: {said}"
            said += line
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        process.stdout.close()


def test_the_command_serves_the_page_that_it_writes(solo, folder):
    assert solo("play", "-o", "page.html").code == 0
    with served() as address, urlopen(address, timeout=30) as answer:
        assert answer.read() == (folder / "page.html").read_bytes()


def test_a_file_that_somebody_else_made_is_kept(refused, folder):
    (folder / "page.html").write_text("mine")
    assert "--force" in refused("play", "-o", "page.html")
