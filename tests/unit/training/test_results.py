"""What a training leaves behind tells of one run what was true of it, also of many trained at once."""

import pytest
import torch

from soloneuron.data.assignment import assignment_data
from soloneuron.errors import InputError
from soloneuron.formulas.losses import Focal, Huber, Loss
from soloneuron.formulas.penalties import L2, ElasticNet
from soloneuron.optimizers import NAG, Adam, Optimizer
from soloneuron.optimizers.schedules import ExponentialDecay
from soloneuron.records.recipe import Part
from soloneuron.training.prepare import prepare
from soloneuron.training.recipes import keywords_of, optimizer_of, recipe_of
from soloneuron.training.results import one_run


def done(**settings):
    return prepare(assignment_data(), **({"epochs": 7} | settings)).run()


RATES = torch.tensor([[0.1], [0.5], [0.2]], dtype=torch.float64)


@pytest.mark.parametrize("run", [0, 1, 2])
def test_one_run_of_many_is_that_run_alone(run):
    many, alone = done(learning_rate=RATES), done(learning_rate=float(RATES[run]))
    one, other = one_run(many.history(), run), alone.history()
    for name in ("theta", "loss", "value", "gradient_norm", "accuracy"):
        torch.testing.assert_close(getattr(one, name), getattr(other, name), rtol=0, atol=1e-12)
    assert (one.epochs, one.outcomes) == (other.epochs, other.outcomes)
    assert recipe_of(many, run) == recipe_of(alone)


def test_the_history_of_a_single_run_is_itself():
    history = done().history()
    assert one_run(history, 0) is history


def test_seeds_of_many_runs_are_told_one_by_one():
    many = done(learning_rate=RATES, seed=[4, 8, 6], shuffle=True, batch_size=2)
    assert one_run(many.history(), 1).seeds == (8,)
    assert [recipe_of(many, run).seed for run in range(3)] == [4, 8, 6]
    shared = done(learning_rate=RATES, seed=9, shuffle=True, batch_size=2)
    assert one_run(shared.history(), 2).seeds == (9,)
    assert recipe_of(shared, 2).seed == 9


def test_hyperparameters_of_many_runs_are_told_one_by_one():
    decays = torch.tensor([[0.0], [0.1]], dtype=torch.float64)
    many = done(optimizer=Adam(learning_rate=0.01, weight_decay=decays, beta1=0.8))
    parts = [recipe_of(many, run).optimizer for run in range(2)]
    assert [part.settings["weight_decay"] for part in parts] == [0.0, 0.1]
    assert all((part.settings["beta1"], part.settings["beta2"]) == (0.8, 0.999) for part in parts)


def test_a_rate_for_each_coordinate_is_told_as_a_row():
    rates = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64)
    assert recipe_of(done(learning_rate=rates)).learning_rate == (0.1, 0.2, 0.3)


def test_a_schedule_is_told_by_name_and_rebuilt():
    recipe = recipe_of(done(learning_rate=ExponentialDecay(0.1, 0.9)))
    assert recipe.learning_rate == Part("exponential", {"rate": 0.1, "factor": 0.9})
    assert optimizer_of(recipe).learning_rate == ExponentialDecay(0.1, 0.9)


def test_what_was_asked_stands_in_the_recipe():
    asked = {"loss": "mse", "penalty": L2(0.3), "reduction": "sum", "bias": False, "batch_size": 2}
    recipe = recipe_of(done(**asked, dtype=torch.float32))
    assert recipe.loss == Part("mse")
    assert recipe.penalty == Part("l2", {"strength": 0.3, "penalize_bias": False})
    assert (recipe.reduction, recipe.bias, recipe.batch_size) == ("sum", False, 2)
    assert (recipe.dtype, recipe.seed, recipe.shuffle, recipe.epochs) == ("float32", None, False, 7)
    assert recipe_of(done()).reduction == "mean"
    assert recipe_of(done()).batch_size is None


SAVED = [
    {"loss": Focal(gamma=0.0), "penalty": ElasticNet(0.1, l1_ratio=0.9)},
    {"loss": Huber(delta=0.3), "penalty": L2(0.2, penalize_bias=True)},
    {"optimizer": Adam(learning_rate=ExponentialDecay(0.1, 0.9), beta1=0.7, variant="hat")},
    {"optimizer": NAG(momentum=0.5), "batch_size": 2, "shuffle": True, "seed": 3, "reduction": "sum"},
    {"class_weight": {0: 2.0, 1: 0.5}, "bias": False, "dtype": torch.float32},
    {"class_weight": "balanced", "learning_rate": torch.tensor([0.1, 0.2, 0.3]).double()},
]


@pytest.mark.parametrize("asked", SAVED, ids="-".join)
def test_a_recipe_trains_the_same_again_to_the_bit(asked):
    first = done(**asked)
    again = done(**keywords_of(recipe_of(first)))
    assert recipe_of(again) == recipe_of(first)
    assert torch.equal(again.state.theta, first.state.theta)
    assert torch.equal(again.losses, first.losses)


class Cubic(Loss):
    name = "cubic"

    def value(self, z, y):
        return ((1 - 2 * y) * z).clamp(min=0) ** 3

    def derivative(self, z, y):
        return 3 * (1 - 2 * y) * ((1 - 2 * y) * z).clamp(min=0) ** 2


class Plainly(Optimizer):
    def direction(self, g, workspace, context):  # noqa: ARG002
        return g


OWN = [
    ({"loss": Cubic()}, "the loss 'cubic' is somebody's own"),
    ({"optimizer": Plainly()}, "the optimizer 'Plainly' is somebody's own"),
    ({"learning_rate": lambda t: 1 / t}, "the learning_rate '<lambda>' is somebody's own"),
    ({"sample_weight": [1, 2, 3, 4, 5]}, "had weights of their own"),
]


@pytest.mark.parametrize(("asked", "sentence"), OWN, ids=[next(iter(asked)) for asked, _ in OWN])
def test_a_part_of_somebody_is_named_and_whoever_would_rebuild_it_says_so(asked, sentence):
    recipe = recipe_of(done(**asked))
    with pytest.raises(InputError, match=sentence):
        keywords_of(recipe)


def test_a_loss_that_takes_a_catalogue_name_is_still_somebodys_own():
    class NLL(Cubic):
        name = "nll"

    assert recipe_of(done(loss=NLL())).loss == Part("nll", own=True)
