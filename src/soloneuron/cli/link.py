"""``soloneuron train --url``: the playkind's run, in a terminal."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from typing import Any

from soloneuron.cli.screen import Screen, print_json
from soloneuron.errors import InputError
from soloneuron.playing.changes import play
from soloneuron.playing.link import link_at, read_link, says_step
from soloneuron.playing.race import LiveRace, Runner
from soloneuron.playing.session import TABLE_COLUMNS, check_start

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
    if not says_step(options.url):
        config = replace(config, step=DEFAULT_STEPS)
    check_start(config, LiveRace(config))
    race = play(config)
    table = race.table().tolist()
    held = [None] * len(table) if race.test is None else race.test_table().tolist()
    runners = [_runner_json(*all_of_it) for all_of_it in zip(race.runners, table, held, strict=True)]
    screen = Screen(options.lang, quiet=options.quiet or options.json)
    if options.json:
        print_json({"link": link_at(config, config.step), "step": config.step, "runners": runners})
    said, rows = link_at(config, config.step), len(race.data.labels)
    kind = "surface" if config.surface else "url"
    if race.test is None:
        screen.say(screen.word(kind, link=said, rows=rows), whole=True)
    else:
        screen.say(screen.word("url_held", link=said, rows=rows, held=len(race.test.labels)), whole=True)
    for runner in runners:
        weights = ", ".join(f"{w:.4f}" for w in runner["theta"])
        screen.say(screen.word(f"{kind}_runner", **runner, weights=weights))
        if race.test is not None:
            screen.say(screen.word("url_test", **runner))
    return 0


def _runner_json(runner: Runner, numbers: list[float], held: list[float] | None) -> dict[str, Any]:
    measured = dict(zip(TABLE_COLUMNS, numbers[-len(TABLE_COLUMNS) :], strict=True))
    test = {} if held is None else dict(zip(("test_loss", "test_accuracy"), held, strict=True))
    return {
        "optimizer": runner.entry.name,
        "learning_rate": runner.entry.rate,
        "settings": dict(runner.entry.settings),
        "loss": runner.loss,
        "theta": runner.state.theta.tolist(),
        "loss_value": measured["loss"],
        "accuracy": None if runner.surface else measured["accuracy"],
        "gradient_norm": measured["gradient_norm"],
        **test,
    }
