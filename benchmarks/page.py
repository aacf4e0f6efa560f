"""The playground in headless Chromium, from one file: how soon it is painted, and how fast it races.

Prints the size of the page, of what it carries beside LZMA's, seconds until the first screen and until its
pictures are painted and to unpack the script, frames a second of races of six and of twenty and of several
pages at once, milliseconds of a step of twenty optimizers, and the page's memory over a longer race, with a
judgement whether it grows. ``--minutes 5`` is the long form; ``--minutes 0`` leaves the memory out.
"""

import argparse
import gzip
import lzma
import statistics
import sys
import tempfile
import time
from pathlib import Path

from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.page import page_content, playground_page
from soloneuron.view import asset

from browser import SIZE, chromium, frames_a_second
from harness import Report

SIX = "loss=nll&optimizers=gradient_descent,momentum,nag,adagrad,rmsprop,adam"
TWENTY = (
    f"loss=nll&optimizers={','.join([name for name in OPTIMIZERS if name not in ('lbfgs', 'newton')][:20])}"
)
OWN = "loss=nll&optimizers=adam,momentum&data=own&points=" + ";".join(
    f"{i % 50 / 10},{i % 41 / 10},{int(i % 50 > i % 41)}" for i in range(2000)
)
SECONDS = 6
PAGES = 5
"""How often the page is opened before its median is told."""

SAMPLES = 10
STEADY = 1.1
"""Memory that ends below this many times what it was after the first samples does not grow."""

LZMA = [{"id": lzma.FILTER_LZMA1, "preset": 9 | lzma.PRESET_EXTREME, "lc": 2, "pb": 0}]
"""The settings that pack the page best."""

UNPACKED = "performance.getEntriesByName('unpacked')[0].duration / 1000"
CONTENT = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
PAINTED = "performance.getEntriesByName('painted')[0].startTime / 1000"

STEPS = """() => {
    const { session } = soloneuron.playground.engine.player;
    session.go(200);
    const began = performance.now();
    session.go(1200);
    return (performance.now() - began) / 1000;
}"""
"""Milliseconds of a step, the mean of a thousand."""


def opened(browser, address, link):
    """A page that has been painted, and seconds until it was."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.goto(f"{address}?{link}&step=1")
    page.wait_for_selector("body[data-ready=true]")
    while not page.evaluate("performance.getEntriesByName('painted').length"):
        time.sleep(0.05)
    page.evaluate("soloneuron.playground.setSpeed(60); soloneuron.playground.stopAtTarget(false)")
    return page, page.evaluate(PAINTED)


def race(pages):
    """Frames a second of each page while all of them race."""
    for page in pages:
        page.evaluate("soloneuron.playground.command('play')")
    time.sleep(1)
    rates = frames_a_second(pages, "playground", lambda: time.sleep(SECONDS))
    for page in pages:
        page.evaluate("soloneuron.playground.command('play')")
    return rates


def race_on(report, page, minutes):
    """Race again and again; the heap of the page at some moments, and whether it grows."""
    tools, heaps = page.context.new_cdp_session(page), []
    for sample in range(SAMPLES):
        page.evaluate(f"soloneuron.playground.configure({{ seed: {sample} }})")
        time.sleep(1)
        page.evaluate("soloneuron.playground.playing || soloneuron.playground.command('play')")
        time.sleep(max(1, minutes * 60 / SAMPLES - 1))
        tools.send("HeapProfiler.collectGarbage")
        heaps.append(page.evaluate("performance.memory.usedJSHeapSize") / 2**20)
    early, late = statistics.median(heaps[1:4]), statistics.median(heaps[-3:])
    report.share(f"the page's heap late, {minutes:g} min", late, "early", early, STEADY, "MiB")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=1.0)
    minutes = options.parse_args().minutes
    report = Report("The playground in Chromium, from one file.", "torch")
    text = playground_page().encode()
    report.alone("the page", len(text), "B", asked=350_000)
    report.alone("the page, gzipped", len(gzip.compress(text)), "B", asked=110_000)
    usual = lzma.compress(page_content(), lzma.FORMAT_RAW, filters=LZMA)
    report.share("what the page carries", len(asset("page.bin")), "by LZMA", len(usual), 0.9, "B")
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        place = Path(folder) / "page.html"
        place.write_bytes(text)
        address = place.as_uri()
        for name, link in (("first story", ""), ("race of six", SIX)):
            opening = [opened(browser, address, link) for _ in range(PAGES)]
            times = {"first content": [page.evaluate(CONTENT) for page, _ in opening]}
            times["pictures"] = [painted for _, painted in opening]
            for what, seconds in times.items():
                note = "median of " + ", ".join(f"{one:.2f}" for one in seconds)
                question = f"to paint the page, {what}, {name}"
                report.alone(question, statistics.median(seconds), asked=0.5, note=note)
            for page, _ in opening:
                page.context.close()
        pages = [opened(browser, address, "")[0] for _ in range(PAGES)]
        report.alone("to unpack the script", statistics.median(page.evaluate(UNPACKED) for page in pages))
        for page in pages:
            page.context.close()
        twenty, _ = opened(browser, address, TWENTY)
        report.alone("frames a second, race of twenty", min(race([twenty])), "/s", least=50)
        report.alone("a step of twenty optimizers", twenty.evaluate(STEPS) / 1000, asked=0.0005)
        twenty.context.close()
        own, _ = opened(browser, address, OWN)
        report.alone("frames a second, two methods on 2000 own rows", min(race([own])), "/s", least=40)
        own.context.close()
        pages = []
        for count in (1, 2):
            while len(pages) < count:
                pages.append(opened(browser, address, SIX)[0])
            rates = race(pages)
            note = ", ".join(f"{rate:.1f}" for rate in rates)
            question = f"frames a second, race of six, {count} open, the slowest"
            report.alone(question, min(rates), "/s", least=58, note=note)
        if minutes > 0:
            race_on(report, pages[0], minutes)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
