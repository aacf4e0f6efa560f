"""Any device: the meta device computes nothing but refuses whatever would wait for a number or leave it."""

import pytest
import torch

from meetings import Meetings
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.neuron import Neuron
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.schedules import Cosine
from soloneuron.records.dataset import Batch
from soloneuron.training.loop import updates
from soloneuron.training.plan import Plan, State

META = torch.device("meta")
ROWS = Batch(*(torch.ones(shape, device=META) for shape in ((6, 3), (6,), (6,))))

RULES = [name for name in OPTIMIZERS if OPTIMIZERS.load(name).needs != "objective"]
SETTINGS = {
    "plain": {},
    "a rate a run": {"learning_rate": torch.full((2, 1), 0.1)},
    "a rate a coordinate": {"learning_rate": torch.full((4,), 0.1)},
    "a schedule": {"learning_rate": Cosine(0.1, steps=9)},
    "decay": {"weight_decay": 0.1},
    "clipping": {"clip_norm": 1.0, "clip_value": 1.0},
    "climbing": {"maximize": True},
}

CELLS = [(name, settings) for name in RULES for settings in SETTINGS]
CELLS.remove(("rprop", "a schedule"))  # its rate is where its sizes begin


@pytest.mark.slow  # the meta device and the mode that watches it bring in two seconds of torch's compiler
def test_no_update_waits_for_a_number_or_leaves_its_device():
    with Meetings() as waits:
        float(torch.ones(()).double())
    assert waits.count == 1
    for name, settings in CELLS:
        rule = OPTIMIZERS.load(name)(**SETTINGS[settings])
        plan = Plan(Neuron(), ROWS, rule, batch_size=6)
        path = updates(rule, State(0, torch.zeros(2, 4, device=META)), plan.evaluation)
        next(path)
        with Meetings() as waits:
            state = next(path).state
        assert waits.count == 0, (name, settings)
        assert {part.device for part in (state.theta, *state.memory.slots.values())} == {META}, name


@pytest.mark.slow
@pytest.mark.parametrize("penalty", [None, *PENALTIES])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_and_a_penalty_read_no_number_of_their_device(loss, penalty):
    neuron = Neuron(LOSSES.load(loss)(), None if penalty is None else PENALTIES.load(penalty)())
    theta = torch.ones(2, 4, device=META)
    value, gradient = neuron.value_and_gradient(theta, ROWS)
    bend, likely = neuron.hessian(theta[0], ROWS), neuron.probabilities(theta, ROWS.features)
    assert {part.device for part in (value, gradient, bend, likely)} == {META}
    assert [tuple(part.shape) for part in (value, gradient, bend, likely)] == [(2,), (2, 4), (4, 4), (2, 6)]


@pytest.mark.parametrize("name", ["nadam", "schedule_free_sgd"])
@pytest.mark.parametrize("rate", [0.1, torch.full((2, 1), 0.1)], ids=["number", "tensor"])
def test_a_rule_that_keeps_a_total_steps_alike_whether_or_not_it_may_look_at_it(name, rate, monkeypatch):
    def path():
        rule, theta = OPTIMIZERS.load(name)(learning_rate=rate), torch.tensor([[1.0, -2.0]] * 2).double()
        state = rule.start(theta)
        for _ in range(5):
            rule.update(theta, lambda point: ((point**2).sum(-1), 2 * point), state)
        return theta

    looked_at = path()
    monkeypatch.setattr(torch.Tensor, "is_cpu", False)
    torch.testing.assert_close(path(), looked_at, rtol=1e-14, atol=0)
