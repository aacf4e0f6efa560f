"""The playground in headless Chromium: six optimizers racing, with both pictures and the surface in space.

Prints seconds until the server answers and until the page is painted, bytes a frame, frames a second for one
page and for three, and the memory of server and page over a longer race, with a judgement whether it grows.
``--minutes 10`` is the long form; ``--minutes 0`` leaves the memory out.
"""

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from soloneuron.playground.frames import pack
from soloneuron.playground.link import read_link
from soloneuron.playground.session import Session
from soloneuron.view import PAGE_FILES, asset

from browser import SIZE, chromium, frames_a_second
from harness import Report

RACE = "loss=nll&optimizers=gradient_descent,momentum,nag,adagrad,rmsprop,adam"
SECONDS = 6
PAGES = 5
"""How often the page is opened before its median is told."""

SAMPLES = 10
WHAT = ("server", "page's process", "page's heap")
STEADY = 1.1
"""Memory that ends below this many times what it was after the first samples does not grow."""

READY = """() => {
    const { responseStart } = performance.getEntriesByType("navigation")[0];
    const [painted] = performance.getEntriesByName("painted");
    return (painted.startTime - responseStart) / 1000;
}"""
"""Seconds from the server's answer to the first picture, by the page's own clock."""


@contextmanager
def server(report):
    """The server's process and address; ends with the benchmark."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "soloneuron", "play", "--no-open", "--port", "24000"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        text=True,
    )
    try:
        while not (found := re.search(r"http://\S+", process.stdout.readline())):
            pass
        report.alone("the server's start", time.perf_counter() - began)
        yield process, found[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def open_page(browser, address, link=f"{RACE}&step=1"):
    """A page that races fast, and the seconds until it was painted."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.goto(f"{address}?{link}")
    page.wait_for_selector("body[data-ready=true]")
    while not page.evaluate("performance.getEntriesByName('painted').length"):
        time.sleep(0.05)
    page.evaluate("soloneuron.playground.setSpeed(60)")
    return page, page.evaluate(READY)


def ready_times(browser, address, link):
    times = []
    for _ in range(PAGES):
        page, ready = open_page(browser, address, link)
        times.append(ready)
        page.context.close()
    return times


def race(pages):
    """Frames a second of each page while all of them race."""
    command = "soloneuron.playground.command('{}')".format
    for page in pages:
        page.evaluate(command("reset"))
    time.sleep(0.5)
    for page in pages:
        page.evaluate(command("play"))
    time.sleep(1)
    rates = frames_a_second(pages, "playground", lambda: time.sleep(SECONDS))
    for page in pages:
        page.evaluate(command("play"))
    return rates


def resident(pid):
    """MiB of memory that a process holds."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


def renderers():
    """The processes of our browser that paint pages."""
    parents, found = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if b"--type=renderer" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue

    def ours(pid):
        return pid == os.getpid() or (pid in parents and ours(parents[pid]))

    return [pid for pid in found if ours(pid)]


def race_on(report, page, minutes, pid):
    """Race again and again; the memory of server and page at some moments, and whether it grows."""
    tools, samples = page.context.new_cdp_session(page), []
    for _ in range(SAMPLES):
        page.evaluate("soloneuron.playground.configure({seed: Date.now() % 1000})")
        time.sleep(1)
        page.evaluate("soloneuron.playground.playing || soloneuron.playground.command('play')")
        time.sleep(max(1, minutes * 60 / SAMPLES - 1))
        step = page.evaluate("soloneuron.playground.race.step")
        tools.send("HeapProfiler.collectGarbage")
        heap = page.evaluate("performance.memory.usedJSHeapSize") / 2**20
        samples.append((resident(pid), sum(map(resident, renderers())), heap))
        told = "   ".join(f"{name} {size:6.1f} MiB" for name, size in zip(WHAT, samples[-1], strict=True))
        print(f"# step {step:5d}   {told}", flush=True)
    for name, sizes in zip(WHAT, zip(*samples, strict=True), strict=True):
        early, late = statistics.median(sizes[1:4]), statistics.median(sizes[-3:])
        report.share(f"memory of the {name} late, {minutes:g} min", late, "early", early, STEADY, "MiB")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=1.0)
    minutes = options.parse_args().minutes
    report = Report("The playground in Chromium: six optimizers racing.", "torch", "starlette", "uvicorn")
    report.alone("a frame of six optimizers", len(pack(Session(read_link(RACE)).frame)), "B")
    report.alone("what the page loads at once", sum(len(asset(name)) for name in PAGE_FILES), "B")
    with server(report) as (process, address), chromium() as browser:
        for name, link in (("first story", ""), ("race of six", f"{RACE}&step=1")):
            times = ready_times(browser, address, link)
            note = "median of " + ", ".join(f"{one:.2f}" for one in times)
            report.alone(f"to paint the page, {name}", statistics.median(times), note=note)
        pages = []
        for count in (1, 3):
            while len(pages) < count:
                pages.append(open_page(browser, address)[0])
            rates = race(pages)
            note = ", ".join(f"{rate:.1f}" for rate in rates)
            report.alone(f"frames a second with {count} open, the slowest", min(rates), "/s", note=note)
        for page in pages[1:]:
            page.context.close()
        if minutes > 0:
            race_on(report, pages[0], minutes, process.pid)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
