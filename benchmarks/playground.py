"""The playground in headless Chromium: six optimizers racing, with both pictures and the surface in space.

Prints seconds until the server answers and until the page is painted, bytes a frame, frames a second for one
page and for three, and the memory of server and page over a longer race, with a judgement whether it grows.
``--minutes 10`` is the long form; ``--minutes 0`` leaves the memory out.
"""

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from soloneuron.playground.config import read_link
from soloneuron.playground.frames import pack
from soloneuron.playground.session import Session

RACE = "loss=nll&optimizers=gradient_descent,momentum,nag,adagrad,rmsprop,adam"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-backgrounding-occluded-windows"]
SECONDS = 6
PAGES = 5
"""How often the page is opened before its median is told."""

SAMPLES = 10
WHAT = ("server", "page's process", "page's heap")
STEADY = 1.1
"""Memory that ends below this many times what it was after the first samples does not grow."""

READY = """
    const { responseStart } = performance.getEntriesByType("navigation")[0];
    const [painted] = performance.getEntriesByName("painted");
    return (painted.startTime - responseStart) / 1000;
"""
"""Seconds from the server's answer to the first picture, by the page's own clock."""


def start_server():
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "soloneuron", "play", "--no-open", "--port", "24000"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        text=True,
    )
    while not (found := re.search(r"http://\S+", process.stdout.readline())):
        pass
    return process, found[0], time.perf_counter() - began


def open_page(browser, address, link=f"{RACE}&step=1"):
    """A page that races fast, and the seconds until it was painted."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{address}?{link}")
    page.wait_for_selector("body[data-ready=true]")
    while not page.evaluate("performance.getEntriesByName('painted').length"):
        time.sleep(0.05)
    page.evaluate("soloneuron.playground.setSpeed(60)")
    return page, page.evaluate(f"() => {{ {READY} }}")


def ready_times(browser, address, link):
    times = []
    for _ in range(PAGES):
        page, ready = open_page(browser, address, link)
        times.append(ready)
        page.context.close()
    return times


def frames_a_second(pages):
    for page in pages:
        page.evaluate("soloneuron.playground.command('reset')")
    time.sleep(0.5)
    for page in pages:
        page.evaluate("soloneuron.playground.command('play')")
    time.sleep(1)
    shown = "[soloneuron.playground.painted, performance.now()]"
    before = [page.evaluate(shown) for page in pages]
    time.sleep(SECONDS)
    after = [page.evaluate(shown) for page in pages]
    for page in pages:
        page.evaluate("soloneuron.playground.command('play')")
    return [1000 * (b[0] - a[0]) / (b[1] - a[1]) for a, b in zip(before, after, strict=True)]


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


def race_on(page, minutes, server):
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
        samples.append((resident(server), sum(map(resident, renderers())), heap))
        told = "   ".join(f"{name} {size:6.1f} MiB" for name, size in zip(WHAT, samples[-1], strict=True))
        print(f"    step {step:5d}   {told}", flush=True)
    for name, sizes in zip(WHAT, zip(*samples, strict=True), strict=True):
        early, late = statistics.median(sizes[1:4]), statistics.median(sizes[-3:])
        verdict = "steady" if late <= early * STEADY else "GROWS"
        print(f"{name}: {early:.1f} MiB early, {late:.1f} MiB late: {verdict}")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=1.0)
    minutes = options.parse_args().minutes
    session = Session(read_link(RACE))
    print(f"bytes a frame, six optimizers: {len(pack(session.frame))}")
    process, address, started = start_server()
    print(f"server start: {started:.2f} s")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for name, link in (("first story", ""), ("race of six", f"{RACE}&step=1")):
                times = ready_times(browser, address, link)
                told = ", ".join(f"{one:.2f}" for one in times)
                print(f"page painted, {name}: {statistics.median(times):.2f} s in the median of {told}")
            pages = []
            for count in (1, 3):
                while len(pages) < count:
                    pages.append(open_page(browser, address)[0])
                told = ", ".join(f"{rate:.1f}" for rate in frames_a_second(pages))
                print(f"frames a second with {count} open: {told}", flush=True)
            for page in pages[1:]:
                page.context.close()
            if minutes > 0:
                print(f"memory over {minutes:g} minutes of racing:")
                race_on(pages[0], minutes, process.pid)
            browser.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


if __name__ == "__main__":
    main()
