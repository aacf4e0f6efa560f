"""A replay from disk in headless Chromium: six optimizers, a thousand steps, all pictures and the surface.

Prints the bytes of the page without a bias and with one, seconds until it is ready, and frames a second while
it plays, beside what the screen offers: empty animation frames in the same page.
"""

import sys
import tempfile
from pathlib import Path

import torch

from soloneuron.data.catalogue import make_dataset
from soloneuron.experiments.trained import train_run
from soloneuron.view import replay

from browser import SIZE, chromium, frames_a_second
from harness import Report, seconds

RATES = {
    "gradient_descent": 0.3, "momentum": 0.05, "nag": 0.05, "adagrad": 1.0, "rmsprop": 0.1, "adam": 0.2,
}  # fmt: skip
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
        name: train_run(
            make_dataset("clouds"),
            optimizer=name,
            learning_rate=rate,
            epochs=STEPS,
            bias=bias,
            initial=torch.tensor([-6.0, -6.0, 0.0][: 2 + bias]),
        )
        for name, rate in RATES.items()
    }


def play(page):
    """Frames a second while it plays from the start to the end, at 60 steps a second."""
    page.evaluate("soloneuron.replay.go(0); soloneuron.replay.setSpeed(60)")
    page.evaluate("soloneuron.replay.command('play')")
    ended = f'body[data-step="{STEPS}"]'
    (rate,) = frames_a_second([page], "replay", lambda: page.wait_for_selector(ended, timeout=120_000))
    return rate


def measure(report, page, path, bias):
    kind = f"{'with' if bias else 'without'} a bias"

    def open_page():
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready=true]")

    made = seconds(lambda: path.write_text(replay(race(bias)), encoding="utf-8"))
    report.alone(f"the page, {kind}", path.stat().st_size, "B")
    report.alone(f"to train six runs and make it, {kind}", made)
    report.alone(f"to open it, {kind}", seconds(open_page))
    empty = page.evaluate(EMPTY)
    report.share(f"frames a second, {kind}", play(page), "empty frames", empty, unit="/s")


def main():
    torch.set_num_threads(1)
    report = Report("A replay of six optimizers and a thousand steps, from disk in Chromium.", "torch")
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for bias in (False, True):
            page = browser.new_page(viewport=SIZE)
            measure(report, page, Path(folder) / f"race{bias}.html", bias)
            page.close()
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
