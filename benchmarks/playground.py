"""The playground in headless Chromium: six optimizers racing, with both pictures and the surface in space.

Prints seconds until the server answers and until the page is ready, bytes a frame, frames a second for one
page and for three, and the memory of server and page over a longer race. ``--minutes 10`` is the long form.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time

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


def open_page(context, address):
    page = context.new_page()
    began = time.perf_counter()
    page.goto(f"{address}?{RACE}&step=1")
    page.wait_for_selector("body[data-ready=true]")
    ready = time.perf_counter() - began
    page.evaluate("soloneuron.playground.setSpeed(60)")
    return page, ready


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
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


def race_on(page, minutes, pid):
    """Race again and again; the memory of server and page at ten moments."""
    for _ in range(10):
        page.evaluate("soloneuron.playground.configure({seed: (Date.now() % 1000)})")
        time.sleep(0.5)
        page.evaluate("soloneuron.playground.command('play')")
        time.sleep(max(1, minutes * 6 - 0.5))
        heap = page.evaluate("performance.memory.usedJSHeapSize") / 2**20
        print(f"    server {resident(pid):6.1f} MiB   page heap {heap:6.1f} MiB")


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
            chromium = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            pages = []
            for count in (1, 3):
                while len(pages) < count:
                    context = browser.new_context(viewport={"width": 1440, "height": 900})
                    page, ready = open_page(context, address)
                    print(f"page ready: {ready:.2f} s")
                    pages.append(page)
                told = ", ".join(f"{rate:.1f}" for rate in frames_a_second(pages))
                print(f"frames a second with {count} open: {told}")
            for page in pages[1:]:
                page.close()
            print(f"memory over {minutes:g} minutes of racing:")
            race_on(pages[0], minutes, process.pid)
            browser.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


if __name__ == "__main__":
    main()
