"""Inside one step: graph, rule and compiled code agree with the training to 1e-9, and each other."""

import json
import re
from dataclasses import replace
from functools import cache
from itertools import product

import pytest
import torch

from soloneuron.element.picture import Picture
from soloneuron.errors import InputError
from soloneuron.formulas.penalties import L2
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playground.config import MOST_RUNNERS
from soloneuron.playground.inside import inside_json, inspect_update
from soloneuron.playground.link import read_link
from soloneuron.playground.session import KEEP_EVERY, Session
from soloneuron.training.loop import updates_of
from soloneuron.view.losses import page_losses

AGREE = 1e-9
"""What the issue asks of graph, rule and code."""

POINTS = "1,2,1;2,1,0;-1,-2,0;0.5,0.5,0;0,1,1;-2,0.3,1;0.7,-1.1,0;1.4,0.2,1;-0.6,0.8,1;-1.5,-0.4,0"
RACES = [list(OPTIMIZERS)[k : k + MOST_RUNNERS] for k in range(0, len(OPTIMIZERS), MOST_RUNNERS)]
"""Every optimizer, in as few races as can be."""


def played(words, step):
    session = Session(read_link(f"data=own&points={POINTS}&{words}"))
    session.go(step)
    return session


@cache
def far():
    """Every optimizer, many steps from the start."""
    return [played(f"loss=nll&optimizers={','.join(names)}&batch=8", 3 * KEEP_EVERY) for names in RACES]


def close(one, other):
    torch.testing.assert_close(torch.as_tensor(one), torch.as_tensor(other), atol=AGREE, rtol=AGREE)


BATCHES = ("1", "8", "all")


def paired(loss, batch):
    """The optimizers for this loss and batch: any two of the three meet, but not every three."""
    shift = page_losses().index(loss) + BATCHES.index(batch)
    return [name for k, name in enumerate(OPTIMIZERS) if (k + shift) % len(BATCHES) == 0]


def test_any_two_of_loss_optimizer_and_batch_meet():
    met = [(loss, batch, name) for loss in page_losses() for batch in BATCHES for name in paired(loss, batch)]
    assert {(loss, name) for loss, _, name in met} == set(product(page_losses(), OPTIMIZERS))
    assert {(batch, name) for _, batch, name in met} == set(product(BATCHES, OPTIMIZERS))
    assert {(loss, batch) for loss, batch, _ in met} == set(product(page_losses(), BATCHES))


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("loss", page_losses())
def test_graph_rule_and_code_agree_with_the_training(loss, batch):
    names = ",".join(paired(loss, batch))
    session = played(f"loss={loss}&optimizers={names}&batch={batch}&start=0.4,-0.7&bias=1", 4)
    for runner, job in enumerate(session.race.runners):
        first = inspect_update(session, runner, 0)
        seen = first.detail
        rows = [inspect_update(session, runner, row) for row in range(len(seen.rows))]
        values = torch.tensor([row.loss.data for row in rows], dtype=torch.float64)
        gradients = torch.tensor([[x.grad for x in row.theta] for row in rows], dtype=torch.float64)
        close(gradients.mean(0), seen.gradient)
        value, gradient = first.trace.compiled.value_and_gradient(seen.point, seen.batch)
        close(value, values.mean())
        close(gradient, seen.gradient)
        close(value, job.plan.objective.value(seen.point, seen.batch))
        (last,) = (letter.value for letter in first.formula_trace[-1:] if letter.name == "θ")
        close(last, seen.after.theta)
        close(last, session.weights(runner, 4))
        close(seen.before.theta, session.weights(runner, 3))


@pytest.mark.parametrize("loss", page_losses())
def test_a_graph_keeps_its_gradients_at_a_confident_start(loss):
    session = Session(read_link(f"loss={loss}"))
    seen = inspect_update(session, 0, 0).detail
    examples = [[x.grad for x in inspect_update(session, 0, row).theta] for row in range(len(seen.rows))]
    close(torch.tensor(examples, dtype=torch.float64).mean(0), seen.gradient)


def test_a_penalty_is_told_apart_from_the_examples():
    session = played("loss=nll&optimizers=adam&bias=1&start=1,2", 0)
    job = session.race.runners[0]
    job.plan = replace(job.plan, objective=replace(job.neuron, penalty=L2(0.3)))
    job.updates = updates_of(job.plan, job.state)
    session.go(3)
    told = inside_json(session, 0, 0)
    rows = [inside_json(session, 0, row)["example"] for row in range(told["size"])]
    mean, penalty, compiled, whole = (
        torch.tensor(numbers, dtype=torch.float64)
        for numbers in (rows, told["penalty"], told["compiled"], told["gradient"])
    )
    close(mean.mean(0) + penalty, whole)
    close(compiled, whole)
    assert told["penalty"][:2] == pytest.approx([0.3 * weight for weight in told["theta"][:2]], rel=1e-9)
    assert told["penalty"][2] == pytest.approx(0, abs=1e-15)


def test_the_step_that_is_shown_led_to_where_the_page_stands():
    session = played("loss=nll&optimizers=adam&batch=8", 7)
    told = inside_json(session, 0, 3)
    assert (told["step"], told["coming"], told["size"]) == (7, False, 8)
    assert told["after"] == session.weights(0).tolist()
    assert told["theta"] == session.weights(0, 6).tolist()
    assert told["rule"][-1]["value"] == pytest.approx(told["after"], abs=1e-12)


def test_at_the_start_the_step_to_come_is_shown_and_nothing_moves():
    session = played("loss=nll&optimizers=momentum&batch=8", 0)
    told = inside_json(session, 0, 0)
    assert (told["step"], told["coming"], session.position) == (1, True, 0)
    session.go(1)
    later = inside_json(session, 0, 0)
    assert not later["coming"]
    assert told["after"] == session.weights(0).tolist() == later["after"]


def test_a_runner_that_is_lost_shows_its_last_step():
    session = played("loss=exponential&optimizers=gradient_descent:1000000", 20)
    told = inside_json(session, 0, 0)
    assert told["lost"]
    assert told["step"] <= 20
    json.dumps(told, allow_nan=False)


def test_the_example_is_a_row_of_the_batch_of_that_very_step():
    session = played("loss=nll&optimizers=adam&batch=8", 2)
    told = [inside_json(session, 0, row) for row in range(inside_json(session, 0, 0)["size"])]
    assert len(told) == 2
    plan = session.race.runners[0].plan
    assert [row["number"] for row in told] == plan.order(0)[8:].tolist()
    for row in told:
        shown = [float(value) for name, value in row["nodes"] if name.startswith("x")]
        features = plan.data.features[row["number"]].tolist()
        assert sorted(shown) == pytest.approx(sorted(features), rel=1e-3)


@pytest.mark.parametrize("step", [0, 1, KEEP_EVERY - 1, KEEP_EVERY, KEEP_EVERY + 1, 2 * KEEP_EVERY + 5])
def test_a_place_is_where_the_runner_stood_bit_for_bit(step):
    for session, names in zip(far(), RACES, strict=True):
        for runner in range(len(names)):
            place = session.state_at(runner, step)
            assert place.update == step
            assert torch.equal(place.theta, session.weights(runner, step))


def test_the_stages_fill_every_node_operands_first_then_results_first():
    session = played("loss=huber&optimizers=adam", 3)
    found, told = inspect_update(session, 0, 0), inside_json(session, 0, 0)
    nodes = Picture.of(found.loss).nodes
    computed = [stage for stage in told["stages"] if stage["say"] == "computed"]
    seed, *passed = told["stages"][len(computed) :]
    have = {i for i, (_, value) in enumerate(told["nodes"]) if value != "?"}
    assert have == {i for i, node in enumerate(nodes) if not node._prev}
    for stage in computed:
        node = nodes[stage["node"]]
        assert {nodes.index(x) for x in node._prev} <= have
        assert stage["fill"] == [(stage["node"], 0, f"{node.data:.4g}")]
        have.add(stage["node"])
    assert have == set(range(len(nodes)))
    assert (seed["say"], seed["fill"]) == ("seed", [(nodes.index(found.loss), 1, "1")])
    assert [stage["node"] for stage in passed] == [stage["node"] for stage in computed][::-1]
    shown = {node: text for stage in [seed, *passed] for node, _, text in stage["fill"]}
    assert {node: float(text) for node, text in shown.items()} == pytest.approx(
        {i: node.grad for i, node in enumerate(nodes)}, rel=1e-3, abs=1e-12
    )


@pytest.mark.parametrize("loss", page_losses())
def test_every_computed_node_has_a_line_of_code_and_every_box_its_room(loss):
    told = inside_json(played(f"loss={loss}&optimizers=adam&bias=1", 3), 0, 0)
    lines = told["source"].splitlines()
    border = lines.index("        # backward")
    for stage in told["stages"]:
        forward = stage["say"] == "computed"
        assert stage["lines"] or not forward
        assert all((line < border) == forward for line in stage["lines"])
        assert all("(" in lines[line] for line in stage["lines"])
    width = float(re.search(r'width="(\d+)"', told["svg"])[1])
    boxes = re.findall(r'class="box" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', told["svg"])
    assert len(boxes) == len(told["nodes"]) == told["svg"].count("<g ")
    assert all(float(left) > 0 and float(left) + float(room) < width for left, room in boxes)


@pytest.mark.parametrize("loss", page_losses())
def test_the_largest_answer_is_small(loss):
    session = played(f"loss={loss}&optimizers=radam,nadam,lbfgs&bias=1", 9)
    assert all(
        len(json.dumps(inside_json(session, runner, 0), allow_nan=False)) < 24_000 for runner in range(3)
    )


@pytest.mark.parametrize(
    ("runner", "row", "code"), [(2, 0, "runner"), (-1, 0, "runner"), (0, 10, "row"), (1, -1, "row")]
)
def test_what_is_not_there_is_refused(runner, row, code):
    with pytest.raises(InputError) as refusal:
        inside_json(played("loss=nll,mse", 1), runner, row)
    assert refusal.value.code == f"playground.inside.{code}"
