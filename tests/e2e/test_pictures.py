"""Saved runs as still pictures, drawn by a real browser behind the command line."""

import gc
import logging
import os
import shutil
import signal
import struct
import sys
import threading
import time
from xml.etree import ElementTree

import pytest

from chromium import needs_chromium


@pytest.fixture
def runs(solo, folder):
    """Two runs with a loss each."""
    for name, loss in (("likely", "nll"), ("squared", "mse")):
        assert (
            solo("train", "--quiet", "--loss", loss, "--epochs", 10, "--save-run", f"{name}.json").code == 0
        )
    return folder


@needs_chromium
def test_an_svg_is_xml_with_the_names_of_both_runs_and_the_title_in_russian(shell, runs):
    answer = shell(
        "compare", "likely.json", "squared.json", "-o", "a.svg", "--figure", "losses", "--lang", "ru"
    )
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.endswith("\nсохранено: a.svg\n")
    words = [text.text for text in ElementTree.parse(runs / "a.svg").iter("{http://www.w3.org/2000/svg}text")]
    assert {"likely", "squared", "эпоха"} <= set(words)
    assert "Потери каждой эпохи" in words


@needs_chromium
def test_a_png_is_the_first_figure_twice_as_fine_as_the_screen_and_the_others_are_named(shell, runs):
    answer = shell("plot", "likely.json", "-o", "a.png")
    assert (answer.code, answer.err) == (0, "")
    assert "here surfaces" in answer.words
    assert "landscape, relief, losses, gradients, steps" in answer.words
    head = (runs / "a.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    assert width == 2000
    assert 900 <= height <= 1300


@pytest.mark.usefixtures("runs")
def test_a_page_may_hold_one_figure_only(solo, folder):
    for figure, count in ((), 8), (("--figure", "relief_2"), 1):
        assert solo("compare", "likely.json", "squared.json", "-o", "p.html", *figure).code == 0
        assert (folder / "p.html").read_text(encoding="utf-8").count('class="plot"') == count


@pytest.mark.usefixtures("runs")
def test_a_figure_that_there_is_not_is_refused_with_the_names_of_those_there_are(refused):
    told = refused("plot", "likely.json", "-o", "a.png", "--figure", "landscap")
    assert "did you mean 'landscape'?" in told
    assert "gradients, landscape, losses, relief, steps, surfaces" in told


@pytest.mark.usefixtures("runs")
def test_without_a_browser_the_line_says_what_to_install(refused, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")
    assert "Chrome or Chromium" in refused("plot", "likely.json", "-o", "a.png", "--figure", "losses")


@pytest.mark.usefixtures("runs")
def test_a_browser_that_will_not_start_is_one_line_too(shell, folder):
    answer = shell(
        "plot", "likely.json", "-o", "a.png", "--figure", "losses", BROWSER_PATH=shutil.which("false")
    )
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    assert "Chrome or Chromium" in answer.err
    assert not (folder / "a.png").exists()


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("browser", ["silent", "a text"])
def test_a_browser_that_never_answers_is_given_up_and_nothing_waits_for_it(
    refused, folder, monkeypatch, browser
):
    other = folder / browser
    other.write_text("#!/bin/sh\nexec sleep 1000\n")
    other.chmod(0o755 if browser == "silent" else 0o644)
    monkeypatch.setenv("BROWSER_PATH", str(other))
    monkeypatch.setattr("soloneuron.report.browser.OPENED_IN", 1.0)
    before = {*threading.enumerate()}
    assert "none did it" in refused("plot", "likely.json", "-o", "a.png", "--figure", "losses")
    # A thread that is no daemon keeps the program from ending.
    left = [one for one in {*threading.enumerate()} - before if not one.daemon]
    for thread in left:
        thread.join(10)
    assert not [thread for thread in left if thread.is_alive()]


@pytest.mark.usefixtures("runs")
def test_without_kaleido_the_extra_is_named(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    assert "soloneuron[png]" in refused("plot", "likely.json", "-o", "a.svg")


@pytest.mark.usefixtures("runs")
def test_ctrl_c_while_a_browser_is_silent_is_one_line(solo, folder, monkeypatch, caplog):
    silent, begun = folder / "silent", folder / "begun"
    silent.write_text(f"#!/bin/sh\ntouch {begun}\nexec sleep 1000\n")
    silent.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", str(silent))

    def interrupt():
        while not begun.exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    answer = solo("plot", "likely.json", "-o", "a.png", "--figure", "losses")
    gc.collect()
    assert (answer.code, answer.err) == (130, "soloneuron: stopped\n")
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []
