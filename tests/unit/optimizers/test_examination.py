"""Rules of somebody's own: what is wrong is shown, and what looks across coordinates is worked on whole."""

import math

import pytest
import torch

from soloneuron import compare, minimize
from soloneuron.errors import InputError, InputWarning
from soloneuron.optimizers import Optimizer, check_optimizer, number
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.workspace import BLOCK_SIZE


def own(name, formula, slots=(), **more):
    def direction(self, g, workspace, context):  # noqa: ARG001
        return formula(g, *workspace)

    return type(name, (Optimizer,), {"direction": direction, "slots": slots, "__module__": __name__, **more})


Normed = own("Normed", lambda g: g / (torch.linalg.vector_norm(g) + 1e-9))
Sums = own("Sums", lambda g, m: m.add_(g), slots=("m",))
Rebinds = own("Rebinds", lambda g, m: 0.9 * m + g, slots=("m",))
FAULTS = {
    "slot 'm' of Rebinds must change in place": Rebinds,
    "Flips must leave the gradient as it is": own("Flips", lambda g: g.neg_()),
    r"Divides must stay finite, but with the gradient 0 theta becomes \[nan\]": own(
        "Divides", lambda g: g / g.abs()
    ),
    r"Grows must stay finite, but with the gradient 1e\+30": own("Grows", lambda g: g**11),
    "Still must move theta": own("Still", lambda g: 0 * g),
    r"Normed must treat two coordinates .* \[3.0, 4.0\] .* worked on whole": Normed,
}


class Counts(Optimizer):
    """Remembers outside of its slots."""

    def direction(self, g, workspace, context):  # noqa: ARG002
        vars(self)["seen"] = vars(self).get("seen", 0) + 1
        return g * vars(self)["seen"]


@pytest.mark.parametrize("words", FAULTS)
def test_what_is_wrong_with_a_rule_is_said_with_its_numbers(words):
    with pytest.raises(InputError, match=words):
        check_optimizer(FAULTS[words](learning_rate=0.1))


def test_what_is_remembered_outside_of_slots_is_found():
    with pytest.raises(InputError, match="what it remembers must stand in slots"):
        check_optimizer(Counts())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_rule_of_the_catalogue_is_in_order(name):
    check_optimizer(name)
    check_optimizer(Sums())


def test_a_rule_that_looks_across_coordinates_is_worked_on_whole():
    theta, g = torch.ones(BLOCK_SIZE + 1000), torch.linspace(-1, 2, BLOCK_SIZE + 1000)
    rule, wanted = Normed(learning_rate=0.5), theta - 0.5 * g / (g.norm() + 1e-9)
    state = rule.start(theta)
    rule.step(theta, g, state)
    assert not state.workspace.blocks
    torch.testing.assert_close(theta, wanted)


def test_it_is_worked_on_run_by_run_in_step_minimize_and_compare():
    rates = torch.tensor([[0.1], [0.01]], dtype=torch.float64)
    starts = torch.tensor([[-1.5, 1.0], [1.0, 1.0]], dtype=torch.float64)
    mixing = own(
        "Mixing", lambda g, m: m.mul_(0.5).add_(g / (torch.linalg.vector_norm(g) + 1e-9)), slots=("m",)
    )
    together = minimize("ravine", starts, mixing(), 15, learning_rate=rates)
    for k, rate in enumerate((0.1, 0.01)):
        alone = minimize("ravine", starts[k], mixing(), 15, learning_rate=rate)
        torch.testing.assert_close(together.points[:, k], alone.points, rtol=1e-13, atol=1e-13)
    many, one = (
        compare("ravine", [mixing()], budget=40, seeds=2, rates=rates, target=2.0)
        for rates in ((0.01, 0.1), (0.1,))
    )
    place = many.entries[0].rates.index(0.1)
    assert torch.equal(many.entries[0].tuning[place], one.entries[0].tuning[0])


class Paced(Optimizer):
    """Looks across runs, and remembers one number a run and one for all of them."""

    elementwise = False
    slots = ("length", "seen")
    totals = ("seen",)
    refuses = math.inf

    def begin(self, theta):
        return {"length": torch.zeros_like(theta[..., :1]), "seen": theta.new_zeros(())}

    def direction(self, g, workspace, context):  # noqa: ARG002
        length, seen = workspace
        length.mul_(0.5).add_(g.norm(dim=-1, keepdim=True))
        seen.add_(1)
        if length.max() > self.refuses:
            raise RuntimeError("too long")
        return g / (length.max() + torch.linalg.vector_norm(g))


GRADIENTS = torch.tensor([[3.0, 4.0], [6.0, 8.0], [0.3, 0.4]], dtype=torch.float64)


def test_a_slot_of_one_number_a_run_goes_with_its_run():
    rule, theta = Paced(learning_rate=0.1), torch.ones(3, 2, dtype=torch.float64)
    state = rule.start(theta)
    alone = [(row.clone(), rule.start(row)) for row in theta]
    for factor in (1.0, 0.25):
        rule.step(theta, factor * GRADIENTS, state)
        for (own_theta, own_state), g in zip(alone, GRADIENTS, strict=True):
            rule.step(own_theta, factor * g, own_state)
    assert state.workspace.run_by_run
    assert theta.equal(torch.stack([row for row, _ in alone]))
    assert state.slots["length"].equal(torch.stack([own.slots["length"] for _, own in alone]))
    assert state.slots["seen"].item() == state.t == 2


def test_a_rule_that_raises_in_the_second_run_has_not_moved_the_first(monkeypatch):
    rule, theta = Paced(learning_rate=0.1), torch.ones(3, 2, dtype=torch.float64)
    state = rule.start(theta)
    rule.step(theta, GRADIENTS, state)
    before, kept = theta.clone(), state.copy()
    monkeypatch.setattr(Paced, "refuses", 6.0)
    with pytest.raises(RuntimeError, match="too long"):
        rule.step(theta, GRADIENTS / 4, state)
    assert theta.equal(before)
    assert state.t == kept.t
    assert all(slot.equal(kept.slots[name]) for name, slot in state.slots.items())


def test_compare_warns_once_of_a_rule_that_forgets_and_runs_it():
    with pytest.warns(InputWarning, match="slot 'm' of Rebinds must change in place") as said:
        found = compare("bowl", [Rebinds()], budget=20, seeds=2, rates=(0.1,))
    assert len(said) == 1
    assert found.entries[0].fault == ""


def test_settings_of_an_own_rule_are_tried_as_they_are():
    maybe = own("Maybe", None, part=number(0.0, "[0, 1]"))
    maybe.direction = lambda self, g, workspace, context: g - self.part * g.mean()  # noqa: ARG005
    check_optimizer(maybe(learning_rate=0.1))
    with pytest.raises(InputError, match="two coordinates"):
        check_optimizer(maybe(learning_rate=0.1, part=0.5))


class Breaks(Optimizer):
    def direction(self, g, workspace, context):  # noqa: ARG002
        return g @ torch.ones(7)


class Centered(Optimizer):
    """Moves nothing where there is but one coordinate."""

    elementwise = False

    def direction(self, g, workspace, context):  # noqa: ARG002
        return g - g.mean(-1, keepdim=True)


def test_a_rule_that_raises_is_said_with_what_it_raised():
    with pytest.raises(InputError, match=r"Breaks must take steps from ones .* but raises RuntimeError"):
        check_optimizer(Breaks(learning_rate=0.1))


def test_one_coordinate_alone_need_not_move():
    check_optimizer(Centered(learning_rate=0.1))
