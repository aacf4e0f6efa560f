"""What a page is told of a config before the first frame, and the config in other words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from soloneuron.data.catalogue import PLANAR
from soloneuron.formulas.metrics import ENOUGH, NEAR
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playground.config import (
    BATCH_CHOICES,
    MOST_POINTS,
    MOST_STEPS,
    OWN,
    default_rate,
    write_link,
)
from soloneuron.playground.lessons import LESSONS
from soloneuron.playground.race import ONE_AT_A_TIME
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
        "near": NEAR,
        "enough": ENOUGH,
    }


def command(session: Session) -> str:
    """The line that repeats the run up to here in a terminal."""
    return f"soloneuron train --url '{_here(session)}'"


def python(session: Session) -> str:
    """A script that repeats the run up to here: of each runner, theta and the loss there."""
    config = session.config
    lines = ["import torch", "", "from soloneuron import prepare"]
    if config.data == OWN:
        rows = ", ".join(repr([p.x1, p.x2]) for p in config.points)
        data = f"([{rows}], {[p.label for p in config.points]})"
    else:
        lines.append("from soloneuron.data.catalogue import make_dataset")
        data = f'make_dataset("{config.data}", seed={config.seed})'
    held = ""
    if config.l2:
        lines.append("from soloneuron.formulas.penalties import L2")
        held = f"penalty=L2({config.l2}), "
    lines += ["from soloneuron.optimizers.naming import as_optimizer"]
    lines += ["from soloneuron.training.walk import first_place, next_place", "", f"data = {data}"]
    start = [*config.start, *[0.0] * config.bias]
    lines.append(f"start = torch.tensor({start}, dtype=torch.float64)")
    for runner in session.race.runners:
        name, rate = runner.entry
        more = "".join(f", {key}={value}" for key, value in ONE_AT_A_TIME.get(name, {}).items())
        whole = runner.plan.batch_size == runner.plan.rows
        order = "" if whole else f"batch_size={runner.plan.batch_size}, shuffle=True, seed={config.seed}, "
        lines += [
            "",
            f"# {name} on {runner.loss}, update by update",
            "plan = prepare(",
            f'    data, loss="{runner.loss}", {order}{held}fit_intercept={config.bias},',
            f'    optimizer=as_optimizer("{name}", learning_rate={rate}{more}),',
            ").plan",
            "place = first_place(plan, start)",
            f"for _ in range({session.position}):",
            "    place = next_place(plan, place)",
            f'print("{name}", "{runner.loss}", place.theta.tolist(), '
            "plan.neuron.value(place.theta, plan.data).item())",
        ]
    return "\n".join(lines) + "\n"


def _here(session: Session) -> str:
    words = write_link(session.config).split("&")
    kept = [word for word in words if word and not word.startswith("step=")]
    return "&".join([*kept, f"step={session.position}"])
