"""``soloneuron train --url``: the playground's run, in a terminal."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from typing import Any

from soloneuron.cli.screen import Screen, print_json
from soloneuron.errors import InputError
from soloneuron.playground.config import read_link, write_link
from soloneuron.playground.session import Session

DEFAULT_STEPS = 100
"""How far a link without a step goes."""


def run_link(options: Namespace) -> int:
    """Repeat the run of a link up to its step, and show every runner there."""
    if any((options.file, options.output, options.save_run, options.checkpoint)):
        raise InputError(
            "--url names data and settings itself: leave FILE, -o, --save-run and --checkpoint out",
            code="url.file",
        )
    config = read_link(options.url)
    if config.step == 0:
        config = replace(config, step=DEFAULT_STEPS)
    session = Session(config)
    session.go(config.step)
    runners = [_runner_json(session, i) for i in range(len(session.race.runners))]
    screen = Screen(options.lang, quiet=options.quiet or options.json)
    if options.json:
        print_json({"link": write_link(config), "step": config.step, "runners": runners})
    screen.say(screen.word("url", link=write_link(config), rows=len(session.race.data.labels)), whole=True)
    for runner in runners:
        screen.say(
            screen.word("url_runner", **runner, weights=", ".join(f"{w:.4f}" for w in runner["theta"]))
        )
    return 0


def _runner_json(session: Session, i: int) -> dict[str, Any]:
    runner = session.race.runners[i]
    measures = session.measures(i)
    return {
        "optimizer": runner.entry.name,
        "learning_rate": runner.entry.rate,
        "loss": runner.loss,
        "theta": runner.state.theta.tolist(),
        "loss_value": measures["loss"],
        "accuracy": measures["accuracy"],
        "gradient_norm": measures["gradient_norm"],
    }
