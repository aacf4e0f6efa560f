"""What ``fit`` takes, what it says of a wrong word, and what it hands back."""

import inspect

import pytest
import torch

import soloneuron
from soloneuron import Dataset, Recipe, fit, load_model, load_run, prepare, save_model, save_run, train_neuron
from soloneuron.data.assignment import assignment_data
from soloneuron.errors import InputError, ShapeError

X = [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, 0.5], [0.0, 1.0]]
y = [1, 0, 0, 0, 1]


@pytest.mark.parametrize(
    "rows", [(X, y), ((X, y),), ((torch.tensor(X).double(), torch.tensor(y)),), (assignment_data(),)]
)
def test_rows_may_come_in_three_forms(rows):
    assert torch.equal(fit(*rows, epochs=7).theta, fit(X, y, epochs=7).theta)
    assert torch.equal(prepare(*rows, epochs=7).run().losses, fit(X, y, epochs=7).losses)


WRONG = [
    ((X,), "fit(X, y)"),
    ((assignment_data(), y), "left out beside a Dataset"),
    (((X, y, y),), "got tuple alone"),
]


@pytest.mark.parametrize(("rows", "sentence"), WRONG, ids=["no labels", "labels twice", "three"])
def test_rows_in_another_form_are_refused_with_the_form_that_works(rows, sentence):
    with pytest.raises(InputError, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        fit(*rows)


WORDS = {
    "lr": "learning_rate",
    "fit_intercept": "bias",
    "random_state": "seed",
    "epoch": "epochs",
    "los": "loss",
}


@pytest.mark.parametrize(("word", "meant"), WORDS.items())
@pytest.mark.parametrize("call", [fit, prepare])
def test_an_unknown_keyword_is_a_type_error_of_that_very_function_with_the_nearest(call, word, meant):
    with pytest.raises(
        TypeError, match=f"^{call.__name__}.. has no keyword '{word}': did you mean '{meant}'"
    ):
        call(X, y, **{word: 1})


def test_a_word_like_nothing_is_answered_with_all_there_are():
    with pytest.raises(TypeError, match="it has features, labels, initial, objective"):
        fit(X, y, qqqq=1)


def test_fit_and_prepare_have_the_same_keywords_with_the_same_defaults():
    one, other = (inspect.signature(call).parameters for call in (fit, prepare))
    shared = [name for name in one if name not in ("progress", "checkpoint", "checkpoint_every")][2:]
    assert shared == list(other)[2:]
    assert all(one[name].default == other[name].default for name in shared)
    assert all(one[name].kind == inspect.Parameter.KEYWORD_ONLY for name in shared)


def test_plain_descent_has_one_default_rate_everywhere():
    by_itself = fit(X, y, epochs=3)
    assert by_itself.recipe.learning_rate == 0.1 == Recipe().learning_rate
    assert torch.equal(by_itself.theta, fit(X, y, epochs=3, learning_rate=0.1).theta)
    weights, bias, losses = train_neuron(X, y, [0.0, 0.0], 0.0, None, 3)
    assert [*weights, bias] == [round(number, 4) for number in by_itself.theta[-1].tolist()]
    assert losses == [round(number, 4) for number in by_itself.losses.tolist()]


def test_a_run_holds_its_neuron_and_predicts():
    run = fit(X, y, epochs=200, learning_rate=1.0)
    assert torch.equal(torch.cat([run.weights, run.bias[None]]), run.theta[-1])
    assert run.predict(X) == y
    p = run.predict_proba(X)
    assert p.shape == (5, 2)
    z = torch.tensor(X).double() @ run.weights + run.bias
    torch.testing.assert_close(p[:, 1], 1 / (1 + torch.exp(-z)), rtol=1e-12, atol=1e-12)
    assert repr(run) == f"Run(200 epochs, {run.outcome.kind})"


def test_a_run_without_a_bias_has_a_bias_of_0():
    run = fit(X, y, bias=False, epochs=5)
    assert run.weights.shape == (2,)
    assert run.bias == 0 == run.model().bias


def test_names_of_a_dataset_are_those_of_its_run_and_model(tmp_path):
    named = Dataset(
        torch.tensor(X).double(), torch.tensor(y).double(), ("a", "b"), "ill", ("no", "yes"), "ward"
    )
    run = fit(named, epochs=30, learning_rate=1.0)
    assert run.predict(X)[:2] == ["yes", "no"]
    save_run(run, tmp_path / "run.json")
    save_model(run.model(), tmp_path / "model.json")
    assert load_run(tmp_path / "run.json").data.feature_names == ("a", "b")
    assert load_model(tmp_path / "model.json").predict(X) == run.predict(X)


def test_a_saved_run_comes_back_as_it_was(tmp_path):
    run = fit(X, y, optimizer="adam", penalty="l2", epochs=9, batch_size=2, shuffle=True, seed=4)
    save_run(run, tmp_path / "run.json")
    back = load_run(tmp_path / "run.json")
    assert back.recipe == run.recipe
    for name in ("theta", "losses", "value", "gradient_norm", "accuracy"):
        assert torch.equal(getattr(back, name), getattr(run, name)), name
    assert (back.outcomes, back.epochs, back.seeds) == (run.outcomes, run.epochs, run.seeds)
    assert back.predict(X) == run.predict(X)


def test_a_loaded_model_predicts_to_the_last_digit(tmp_path):
    run = fit(X, y, epochs=50)
    run.model().save(tmp_path / "model.json")
    model = load_model(tmp_path / "model.json")
    assert torch.equal(model.predict_proba(X), run.predict_proba(X))
    assert torch.equal(model.weights, run.weights)
    with pytest.raises(ShapeError, match=r"must have 2 columns \(x1, x2\), got 1"):
        model.predict([[1.0]])


def test_each_of_many_runs_is_a_run():
    rates = torch.tensor([[0.1], [0.5]], dtype=torch.float64)
    many = fit(X, y, learning_rate=rates, epochs=6)
    assert len(many) == 2
    assert [one.recipe.learning_rate for one in many] == [0.1, 0.5]
    torch.testing.assert_close(
        many[1].theta, fit(X, y, learning_rate=0.5, epochs=6).theta, rtol=0, atol=1e-12
    )
    assert torch.equal(many[-1].theta, many[1].theta)
    assert repr(many) == "Run(2 runs, 6 epochs, finished)"
    with pytest.raises(ShapeError, match=r"take one of them, run\[0\] ... run\[1\]"):
        many.save("run.json")
    with pytest.raises(IndexError, match="there are 2 runs, got 2"):
        many[2]


class Square:
    """An objective that is no neuron."""

    start = (1.0, 2.0)

    def value_and_gradient(self, theta, batch):
        return (theta**2).sum(-1) * len(batch.labels), 2 * theta * len(batch.labels)


def test_a_run_of_another_objective_has_a_course_but_no_neuron():
    run = fit(X, y, objective=Square(), epochs=4)
    assert run.theta[0].tolist() == [1.0, 2.0]
    assert run.recipe.objective.name == "Square"
    with pytest.raises(InputError, match="belong to a neuron; this run trained 'Square'"):
        _ = run.weights
    with pytest.raises(InputError, match="only a neuron can be a model"):
        run.predict(X)


def test_every_public_name_is_there():
    for name in soloneuron.__all__:
        assert getattr(soloneuron, name) is not None
    assert "as_optimizer" not in soloneuron.__all__
