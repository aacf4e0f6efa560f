"""Five minutes of all that a class does: the page's memory does not grow."""

import re
import statistics
import time
from pathlib import Path

import pytest

from chromium import needs_chromium, until

pytestmark = [needs_chromium, pytest.mark.stress]

MINUTES = 5
STEADY = 1.1
"""What ends below this many times what it was at first does not grow."""
LESSON = Path(__file__).parents[1] / "lesson_files" / "momentum.json"
DROP = """(playground, lesson) => {
    const files = new DataTransfer();
    files.items.add(new File([JSON.stringify(lesson)], "lesson.json"));
    playground.upload(files.files);
}"""


def round_of_a_class(page, turn):
    """Races, changes, undoing, lessons, the inside of a step, the other language, a replay."""
    # By scripts: whoever finds elements from outside, as a locator does, holds them.

    def run(*lines):
        for line in lines:
            page.evaluate(f"{{ const {{ playground }} = soloneuron; {line}; }}")

    six = "gradient_descent,momentum,nag,adagrad,rmsprop,adam"
    run(f"playground.engine.send('open', {{ link: 'loss=nll,mse&optimizers={six}&seed={turn}' }})")
    run("playground.setSpeed(960)", "playground.play()")
    page.wait_for_timeout(1500)
    run("playground.configure({ batch: '8' })")
    page.wait_for_timeout(1000)
    run("playground.command('undo')", "playground.command('redo')", "playground.go(100)")
    run(
        "playground.command('inside')",
        "playground.sharp = true",
        "playground.layout.teach(playground.lesson)",
    )
    page.wait_for_timeout(700)
    run(
        "playground.command('inside')", "playground.command('reset')", "playground.study('edge_of_stability')"
    )
    run("playground.predict('sooner')")
    for part, end in ((0, 240), (1, 60), (2, 80)):
        run(f"playground.teach({part})", f"playground.go({end})")
        until(page, f"soloneuron.playground.lesson.steps[{part}].done")
    run("document.querySelector('button.lessons').click()", f"({DROP})(playground, {LESSON.read_text()})")
    until(page, "document.querySelector('.lesson h2').textContent.includes('sixty steps')")
    run("playground.study('')")
    with page.expect_download():
        run("playground.go(30)", "playground.command('replay')")
    run("document.querySelector('button.language').click()")
    run("playground.configure({ data: 'xor', bias: true, noise: 0.25 })", "playground.play()")
    page.wait_for_timeout(1000)


def test_five_minutes_of_a_class_leave_the_memory_as_it_was(visit):
    page = visit("?loss=nll", accept_downloads=True)
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    seen = {"JSHeapUsedSize": [], "Nodes": [], "JSEventListeners": []}
    end, turn = time.monotonic() + 60 * MINUTES, 0
    while time.monotonic() < end:
        round_of_a_class(page, turn := turn + 1)
        tools.send("HeapProfiler.collectGarbage")
        found = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
        for name, values in seen.items():
            values.append(found[name])
    print(
        {
            name: [round(value / (2**20 if "Heap" in name else 1), 1) for value in values]
            for name, values in seen.items()
        }
    )
    assert turn > 9
    for name, values in seen.items():
        early, late = statistics.median(values[2:5]), statistics.median(values[-3:])
        assert late <= STEADY * early, (name, values)
    assert re.search("data=xor", page.url)
