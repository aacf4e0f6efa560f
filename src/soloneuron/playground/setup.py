"""What a page is told of a config before the first frame, and the config in other words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from soloneuron.data.catalogue import PLANAR
from soloneuron.formulas.metrics import LEARNED_ACCURACY, NEAR_LOWEST
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playground.config import BATCH_CHOICES, MOST_POINTS, MOST_STEPS, OWN, default_rate
from soloneuron.playground.lessons import LESSONS
from soloneuron.playground.link import link_at, write_link
from soloneuron.playground.race import Runner
from soloneuron.playground.session import Session
from soloneuron.view.losses import page_losses


def menus() -> dict[str, Any]:
    """What can be chosen, from the catalogues."""
    return {
        "data": [*PLANAR, OWN],
        "loss": list(page_losses()),
        "optimizers": {name: default_rate(name) for name in OPTIMIZERS},
        "batch": [*map(str, BATCH_CHOICES), "all"],
        "lessons": list(LESSONS),
        "most_points": MOST_POINTS,
        "most_steps": MOST_STEPS,
    }


def setup(session: Session) -> dict[str, Any]:
    """All that a page must know to draw a session's frames."""
    config, race = session.config, session.race
    plain = asdict(config)
    return {
        "link": write_link(config),
        "config": {
            **plain,
            "points": [list(point) for point in config.points],
            "optimizers": [list(entry) for entry in config.optimizers],
            "batch": "all" if config.batch is None else str(config.batch),
        },
        "runners": [{"loss": r.loss, "optimizer": r.entry.name, "rate": r.entry.rate} for r in race.runners],
        "data": {"x": race.data.features.flatten().tolist(), "y": race.data.labels.tolist()},
        "begin": [session.measures(runner, 0) for runner in range(len(race.runners))],
        "columns": len(race.start),
        "window": session.landscape.window,
        "lowest": session.landscape.lowest,
        "near": NEAR_LOWEST,
        "enough": LEARNED_ACCURACY,
    }


def command(session: Session) -> str:
    """The line that repeats the run up to here in a terminal."""
    return f"soloneuron train --url '{link_at(session.config, session.position)}'"


def python(session: Session) -> str:
    """A script that repeats the run up to here: of each runner, theta and the loss there."""
    config = session.config
    kinds = sorted({type(runner.plan.optimizer).__name__ for runner in session.race.runners})
    names = [*(["L2"] if config.l2 else []), *kinds, "prepare"]
    lines = [f"from soloneuron import {', '.join(names)}"]
    if config.data == OWN:
        rows = ", ".join(repr([p.x1, p.x2]) for p in config.points)
        data = f"([{rows}], {[p.label for p in config.points]})"
    else:
        lines.append("from soloneuron.data.catalogue import make_dataset")
        data = f'make_dataset("{config.data}", seed={config.seed})'
    lines += ["from soloneuron.training.loop import updates_of", "", f"data = {data}"]
    lines.append(f"start = {[*config.start, *[0.0] * config.bias]}")
    for runner in session.race.runners:
        lines += _runner_lines(session, runner)
    return "\n".join(lines) + "\n"


def _runner_lines(session: Session, runner: Runner) -> list[str]:
    """One runner of the script."""
    config, plan = session.config, runner.plan
    order = "" if plan.full_batch else f"batch_size={plan.batch_size}, shuffle=True, seed={config.seed}, "
    penalty = f"penalty=L2({config.l2}), " if config.l2 else ""
    return [
        "",
        f"# {runner.entry.name} on {runner.loss}, update by update",
        "training = prepare(",
        f'    data, initial=start, loss="{runner.loss}", {order}{penalty}bias={config.bias},',
        f"    optimizer={plan.optimizer!r},",
        ")",
        "plan, state = training.plan, training.state",
        "following = updates_of(plan, state)",
        f"for _ in range({session.position}):",
        "    state = next(following).state",
        f'print("{runner.entry.name}", "{runner.loss}", state.theta.tolist(), '
        "plan.objective.value(state.theta, plan.data).item())",
    ]
