"""What the page copies repeats the run: hand-written Python, and a command."""

import contextlib
import io
import re
import shlex

import pytest
import torch

from soloneuron.cli import main
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.changes import play
from soloneuron.playing.config import default_rate
from soloneuron.playing.hyperparameters import number_ranges
from soloneuron.playing.link import link_at, read_link
from soloneuron.view.losses import page_losses

OWN = "data=own&points=1,2,0;2,3,1;0,0.5,0;-1,2,1;3,1,1"
CHANGES = "start=1,1&optimizers=momentum:0.1,adam:0.1,adamw:0.1"
HALVES = [",".join(list(OPTIMIZERS)[half::2]) for half in (0, 1)]


def other(most, usual):
    """A number that is not the usual one, where a run stays a run."""
    return usual / 2 + 0.2 if 0.5 < most <= 1 else min(usual * 1.5, most / 2) if usual else 0.01


OWN_NUMBERS = [
    ",".join(
        f"{name}:{default_rate(name):g}:{key}={other(most, usual)!r}"
        for name in list(OPTIMIZERS)[half::2]
        for key, (_, most, usual) in list(number_ranges(name).items())[place : place + 1]
    )
    for place in (0, 1, 2)
    for half in (0, 1)
]
LINKS = {
    **{f"optimizers {i}": f"loss=nll&start=-1,2&optimizers={names}" for i, names in enumerate(HALVES)},
    **{
        f"a bias, a penalty {i}": f"loss=mse&data=xor&bias=1&l2=0.1&optimizers={names}"
        for i, names in enumerate(HALVES)
    },
    "in batches": f"loss=nll&batch=8&seed=3&start=1,0&optimizers={','.join(list(OPTIMIZERS)[:12])}",
    **{
        f"{name} far away": f"loss={name}&data=outliers&start=3,-3"
        for name in page_losses()
        if name != "exponential"
    },
    "exponential": "loss=exponential&start=1,-1&optimizers=gradient_descent:0.1",
    "where p rounds to 1": "data=own&points=1,-2,1;-3,-1,0&start=40,0&loss=nll,mse&optimizers=rprop,adam:1",
    "own points": f"{OWN}&loss=nll&batch=8&bias=1&start=1,1",
    "single rows": f"{OWN}&loss=nll,hinge&batch=1&seed=7&optimizers=adam:0.1,nag:0.1",
    "another rate and batch": f"{CHANGES}&5.optimizers=adamw:0.1,momentum:0.02&5.batch=32&12.batch=1",
    **{
        f"other numbers {i}": f"loss=nll&start=-1,2&bias=1&optimizers={names}"
        for i, names in enumerate(OWN_NUMBERS)
    },
    "other numbers from a step on": "loss=nll&optimizers=adam"
    "&6.optimizers=adam:0.2:beta1=0.5:weight_decay=0.1",
    "numbers that add to a formula": "loss=nll&optimizers=momentum:0.1:dampening=0.5,"
    "rmsprop:0.1:momentum=0.5,"
    "prodigy:1:weight_decay=0.1,schedule_free_adamw:0.5:weight_decay=0.1,polyak_step:1:lowest=0.1",
    "another optimizer": f"{CHANGES}&6.optimizers=adam,rprop,momentum&11.optimizers=nag,adam:0.3",
    "another loss": f"{CHANGES}&loss=nll&6.loss=mse&11.loss=mse,nll&15.l2=0.1",
    "other rows": f"{CHANGES}&3.add=3,3,0;4,4,0&3.drop=0,7,299&8.drop=298&12.seed=5&14.add=-3,0,1",
    "noise": f"{CHANGES}&bias=1&noise=0.5&3.add=3,3,0&5.noise=1"
    "&9.data=own&9.points=1,2,0;2,3,1;1,1,0&14.drop=2",
    "other data": f"{CHANGES}&bias=1&5.data=xor&9.data=own&9.points=1,2,0;2,3,1&14.data=assignment",
    "rows held back": "data=iris&bias=1&l2=0.1&test=0.3&loss=nll,mse&optimizers=adam,lbfgs&batch=8"
    "&9.noise=0.2",
    "own rows held back": f"{OWN};4,1,0;0,1,1&loss=nll&test=0.4&3.drop=0,3&3.add=1,0,1"
    "&6.drop=0&9.optimizers=adam",
    "further terms": f"{CHANGES}&data=circles&terms=x1x1,x2x2,x1x2,sinx1,sinx2&l2=0.1&bias=1&loss=nll"
    "&6.add=3,0.5,1&9.data=own&9.points=1,2,0;2,3,1",
    "two of them": f"{OWN}&terms=x2x2,sinx1&loss=nll&batch=1&optimizers=nag:0.1,adagrad_norm:0.1",
    "a newcomer after edits": f"{CHANGES}&loss=nll&3.add=3,3,0&6.loss=nll,mse&9.add=1,0,1",
}
STEPS = 20


def run(script):
    """What a script prints: the numbers of its last line."""
    said, names = io.StringIO(), {}
    with contextlib.redirect_stdout(said):
        exec(compile(script, "copied", "exec"), names)
    line = next(line for line in said.getvalue().splitlines() if "[" in line)
    weights, _, value = line.partition("[")[2].partition("]")
    return [*map(float, weights.split(",")), float(value)]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if {"penalty", "numbers"} & {*name.split()} else ())
        for name in LINKS
    ],
)
def test_copied_python_ends_at_the_numbers_of_the_race(page, name):
    link = LINKS[name]
    config = read_link(f"{link}&step={STEPS}")
    race = play(config)
    for i, numbers in enumerate(race.table()):
        code = page.ask("python", [link, STEPS, i])
        wanted = torch.cat([race.runners[i].state.theta, numbers[-6:-5]])
        found = torch.tensor(run(code["text"]), dtype=torch.float64)
        torch.testing.assert_close(
            found, wanted, rtol=1e-9, atol=1e-11, msg=lambda m, t=code["text"]: f"{m}\n{t}"
        )


def test_copied_python_tells_loss_and_accuracy_on_the_rows_that_are_held_back(page, capsys):
    for link in (LINKS["rows held back"], f"{OWN};4,1,0;0,1,1&loss=nll&test=0.4&3.drop=0"):
        for i, held in enumerate(play(read_link(f"{link}&step={STEPS}")).test_table().tolist()):
            exec(compile(page.ask("python", [link, STEPS, i])["text"], "copied", "exec"), {})
            *_, loss, accuracy = capsys.readouterr().out.split()
            assert [float(loss), float(accuracy)] == pytest.approx(held, rel=1e-9)


def test_copied_python_is_a_short_screen_of_code_without_the_engine_of_the_library(page):
    text = page.ask("python", ["loss=nll&optimizers=momentum", 60, 0])["text"]
    assert "updates_of" not in text
    assert "torch" not in text
    assert len([line for line in text.splitlines() if line]) <= 22


def test_the_lines_that_are_marked_do_what_they_are_marked_for(page):
    code = page.ask("python", ["loss=nll&optimizers=nag&l2=0.1", 60, 0])
    lines = code["text"].splitlines()
    marked = {part: [lines[i].strip() for i in places] for part, places in code["parts"].items()}
    assert marked["z"] == ["logits = X @ y"]
    assert marked["p"][0].startswith("p, q = 1 / (1 + np.exp(-logits))")
    assert marked["slope"] == ["slope = error"]
    assert marked["gradient"] == ["g = X.T @ slope / len(slope) + penalty * y"]
    assert marked["rule"] == ["y = theta + mu * v", "v = mu * v - rate * g", "theta = theta + v"]
    assert marked["loss"][0].startswith("return np.logaddexp")


@pytest.mark.parametrize("step", [0, 3])
def test_the_copied_command_repeats_the_step_that_is_shown(page, capsys, step):
    link = "data=xor&optimizers=adam:0.2&2.batch=8"
    command = page.ask("command", [link, step])
    _, *words = shlex.split(command)
    assert main([*words, "--json"]) == 0
    said = capsys.readouterr().out
    assert f'"step": {step}' in said
    assert link_at(read_link(link), step) in said


def test_a_loss_without_lines_is_left_to_the_library(page):
    text = page.ask("other", ["loss=nll", {"loss": ["cubed_hinge"]}])
    assert "# The loss cubed_hinge is left to the library." in text
    assert "def loss" not in text


def test_who_steps_by_the_value_is_said_to_search_along_no_line(page):
    polyak, newton = (
        page.ask("python", [f"loss=nll&optimizers={name}", 3, 0])["text"]
        for name in ("polyak_step", "newton")
    )
    assert "# polyak_step with these numbers is left to the library." in polyak
    assert "# newton searches along a line" in newton


def test_copied_code_names_no_lesson_that_python_does_not_know(page):
    text = page.ask("other", ["loss=nll&optimizers=lbfgs", {"lesson": "own"}])
    assert re.search(r'read_link\("loss=nll&optimizers=lbfgs[:.\d]*&step=3"\)', text)
