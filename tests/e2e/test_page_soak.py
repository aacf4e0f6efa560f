"""Five minutes of all that a class does: the page's memory does not grow."""

import logging
import statistics
import time
from pathlib import Path

import pytest

from chromium import needs_chromium

pytestmark = [needs_chromium, pytest.mark.stress]

FIGURES = logging.getLogger(__name__)
"""``--log-cli-level=INFO`` tells what was measured."""

MINUTES = 5
STEADY = 1.1
"""What ends below this many times what it was half way does not grow."""
LESSON = Path(__file__).parents[1] / "lesson_files" / "momentum.json"

ROUND = """async (turn) => {
    const { playground } = soloneuron;
    const rest = (time) => new Promise((done) => setTimeout(done, time));
    const six = "gradient_descent,momentum,nag,adagrad,rmsprop,adam";
    playground.engine.send("open", { link: `loss=nll,mse&optimizers=${six}&seed=${turn}` });
    playground.setSpeed(960);
    playground.play();
    await rest(1500);
    playground.configure({ batch: "8" });
    await rest(1000);
    for (const command of ["undo", "redo", "inside"]) playground.command(command);
    playground.go(100);
    playground.sharp = true;
    playground.layout.teach(playground.lesson);
    await rest(700);
    for (const command of ["inside", "reset"]) playground.command(command);
    playground.study("edge_of_stability");
    playground.predict("sooner");
    for (const [part, end] of [240, 60, 80].entries()) {
        playground.teach(part);
        playground.go(end);
        while (!playground.lesson.steps[part].done) await rest(20);
    }
    const files = new DataTransfer();
    files.items.add(new File([soak.lesson], "lesson.json"));
    await playground.upload(files.files);
    if (playground.lesson.name !== "own") throw new Error("the file's lesson has not opened");
    playground.study("");
    playground.go(30);
    playground.command("replay");
    document.querySelector("button.language").click();
    playground.configure({ data: "xor", bias: true, noise: 0.25 });
    playground.play();
    await rest(1000);
}"""
"""Races, changes, undoing, lessons, the inside of a step, a replay, the other language; all within the page:
what finds elements from outside holds them, and so are scripts held that come from there."""


def test_five_minutes_of_a_class_leave_the_memory_as_it_was(visit):
    page = visit("?loss=nll", accept_downloads=True)
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    page.evaluate("(soak) => { globalThis.soak = soak }", {"lesson": LESSON.read_text()})
    page.evaluate(f"soak.round = {ROUND}; undefined")
    page.evaluate("soak.turn = 0")
    seen = {"JSHeapUsedSize": [], "Nodes": [], "JSEventListeners": []}
    end = time.monotonic() + 60 * MINUTES
    while time.monotonic() < end:
        page.evaluate("soak.round(++soak.turn)")
        tools.send("HeapProfiler.collectGarbage")
        found = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
        for name, values in seen.items():
            values.append(found[name])
    for name, values in seen.items():
        FIGURES.info("%s: %s", name, values)
        # Until then the browser learns: what it compiles stays.
        half = len(values) // 2
        early, late = statistics.median(values[half - 2 : half + 3]), statistics.median(values[-5:])
        assert late <= STEADY * early, (name, values)
    assert len(seen["Nodes"]) > 15
