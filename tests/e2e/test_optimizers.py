"""``soloneuron train --optimizer`` and ``soloneuron optimizers``."""

import pytest

from soloneuron import assignment_data, fit, load_model
from soloneuron.cli import main
from soloneuron.optimizers import AdagradNorm
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.naming import as_optimizer


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_trains_and_the_answer_is_that_of_the_library(solo, name):
    answer = solo("train", "--optimizer", name, "--epochs", 10, "--json")
    assert answer.code == 0
    rate = {"learning_rate": 0.1} if name == "gradient_descent" else {}
    rule = as_optimizer(name, **rate)
    # Without a file the assignment's rows come one by one; a line search takes all of them.
    size, done = None if rule.needs == "objective" else 1, answer.json["settings"]["epochs_done"]
    history = fit(assignment_data(), initial=[0.1, -0.2, 0.0], optimizer=rule, epochs=done, batch_size=size)
    assert [*answer.json["weights"].values(), answer.json["bias"]] == history.theta[-1].tolist()
    assert answer.json["settings"]["optimizer"] == name
    assert (answer.json["limits"] is None) == (name != "gradient_descent")


def test_what_is_set_reaches_the_rule_and_the_record(solo, folder):
    setting = ["--set", "epsilon=0.01", "--set", "variant=after", "--learning-rate", 0.5]
    answer = solo("train", "--optimizer", "adagrad_norm", *setting, "--epochs", 5, "--json", "-o", "m.json")
    rule = AdagradNorm(epsilon=0.01, variant="after", learning_rate=0.5)
    history = fit(assignment_data(), initial=[0.1, -0.2, 0.0], optimizer=rule, epochs=5, batch_size=1)
    assert [*answer.json["weights"].values(), answer.json["bias"]] == history.theta[-1].tolist()
    kept = {"learning_rate": 0.5, "epsilon": 0.01, "variant": "after"}
    assert kept.items() <= load_model(folder / "m.json").record.recipe.optimizer.settings.items()


def test_the_plan_names_the_method_and_no_limit_of_plain_descent(solo):
    answer = solo("train", "--optimizer", "adam", "--set", "beta1=0.8", "--epochs", 3)
    assert "nll, adam (beta1=0.8), per-sample file order, learning rate 0.001, 3 epochs" in answer.words
    assert "limits" not in answer.words


WRONG = {
    "--optimizer adm": "did you mean 'adam'?",
    "--optimizer adam --set bta1=0.8": "did you mean 'beta1'?",
    "--optimizer adam --set beta1=2": "beta1 must lie in [0, 1), got 2 (Adam)",
    "--optimizer adam --set beta1": "must be NAME=VALUE, as beta1=0.8, got 'beta1'",
    "--optimizer adam --set beta1=0.8 --set beta1=0.9": "--set beta1 must be given once, got 2 values",
    "--optimizer adam --set learning_rate=1": "the learning rate is given by --learning-rate",
    "--optimizer adam --set beta1=x": "beta1 must",
}


@pytest.mark.parametrize("arguments", WRONG)
def test_what_is_wrong_is_said_in_one_line(solo, arguments):
    answer = solo("train", *arguments.split())
    assert (answer.code, answer.out) == (2, "")
    assert WRONG[arguments] in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_list_and_the_card_of_every_optimizer(solo, language):
    listed = solo("optimizers", "--lang", language)
    assert [line.split()[0] for line in listed.out.splitlines()] == list(OPTIMIZERS)
    for name in OPTIMIZERS:
        card = solo("optimizers", name, "--lang", language)
        assert card.code == 0
        for setting in OPTIMIZERS.load(name).hyperparameters:
            assert f" {setting} " in card.out


def test_the_second_name_is_understood(solo):
    assert solo("optimizers", "sgd").out == solo("optimizers", "gradient_descent").out
    assert main(["train", "--optimizer", "sgd", "--quiet", "--epochs", "1"]) == 0
