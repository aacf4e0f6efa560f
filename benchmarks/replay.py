"""A replay from disk in headless Chromium: six optimizers, a thousand steps, all pictures and the surface.

Prints the bytes of the page without a bias and with one, seconds until it is ready, and frames a second while
it plays, beside what the screen offers: empty animation frames in the same page.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import torch
from playwright.sync_api import sync_playwright

from soloneuron.data.planar import make_planar
from soloneuron.experiments.keeping import trained
from soloneuron.view import replay

RATES = {
    "gradient_descent": 0.3, "momentum": 0.05, "nag": 0.05, "adagrad": 1.0, "rmsprop": 0.1, "adam": 0.2,
}  # fmt: skip
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
STEPS = 1000
EMPTY = """() => new Promise(done => {
    let frames = 0; const began = performance.now();
    const tick = now => {
        if (now - began > 2000) return done(1000 * frames / (now - began));
        frames++;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
})"""


def race(bias):
    return {
        name: trained(
            make_planar("clouds"),
            optimizer=name,
            learning_rate=rate,
            epochs=STEPS,
            fit_intercept=bias,
            initial=torch.tensor([-6.0, -6.0, 0.0][: 2 + bias]),
        )
        for name, rate in RATES.items()
    }


def frames_a_second(page):
    """While it plays from the start to the end, at 60 steps a second."""
    page.evaluate("soloneuron.replay.go(0); soloneuron.replay.setSpeed(60)")
    shown = "[soloneuron.replay.painted, performance.now()]"
    page.evaluate("soloneuron.replay.command('play')")
    before = page.evaluate(shown)
    page.wait_for_selector(f'body[data-step="{STEPS}"]', timeout=120_000)
    after = page.evaluate(shown)
    return 1000 * (after[0] - before[0]) / (after[1] - before[1])


def main():
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for bias in (False, True):
            path = Path(folder) / f"race{bias}.html"
            began = time.perf_counter()
            path.write_text(replay(race(bias)), encoding="utf-8")
            made = time.perf_counter() - began
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            began = time.perf_counter()
            page.goto(path.as_uri())
            page.wait_for_selector("body[data-ready=true]")
            ready = time.perf_counter() - began
            kind = "with" if bias else "without"
            print(f"{kind} a bias: {path.stat().st_size} bytes, trained and made in {made:.2f} s")
            print(f"    ready {ready:.2f} s after it was opened")
            print(
                f"    frames a second: empty {page.evaluate(EMPTY):.1f}, replay {frames_a_second(page):.1f}"
            )
            page.close()
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
