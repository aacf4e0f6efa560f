"""The options of ``train`` are those of the table, and each reaches its place in the recipe."""

from dataclasses import fields, replace

import pytest
import torch

from soloneuron.cli.arguments import options_in
from soloneuron.cli.parser import make_parser
from soloneuron.cli.train_options import CATALOGUES, add_train
from soloneuron.cli.train_recipe import recipe_asked
from soloneuron.data.assignment import assignment_data
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.records.recipe import Part, Recipe
from soloneuron.records.spellings import SPELLINGS, spelling
from soloneuron.texts import LANGUAGES
from soloneuron.training.prepare import prepare
from soloneuron.training.recipes import keywords_of, recipe_of

ROWS, COLUMNS = 60, 3

PLAIN = ("f.csv", "--optimizer", "gradient_descent")
"""A file, and the optimizer that is taken for one when a setting of it is given."""

BESIDES = {
    *("device", "timeout", "stream", "memory", "cache", "force"),
    *("file", "label", "features", "drop", "positive", "encode", "missing", "url"),
    *("output", "save_run", "checkpoint", "every", "all_losses", "json", "quiet", "lang", "command", "words"),
}
"""Options that say nothing of how a training is done."""

OPTIONS = {row.place: row.option for row in SPELLINGS if row.option is not None}


def options(*words):
    return make_parser().parse_args(["train", *words])


def asked(*words, rows=ROWS):
    return recipe_asked(
        options(*words), torch.rand(rows, COLUMNS, generator=torch.Generator().manual_seed(0))
    )


def test_the_options_of_train_are_those_of_the_table_with_their_defaults():
    told = {option.attribute: option for option in OPTIONS.values()}
    parsed = vars(options())
    assert set(parsed) == BESIDES | set(told)
    for attribute, option in told.items():
        if option.reads in ("on", "off"):
            assert parsed[attribute] is False
        elif option.reads == "settings":
            assert parsed[attribute] == []
        else:
            assert parsed[attribute] == (option.default if option.with_file is None else None)


@pytest.mark.parametrize("option", [o for o in OPTIONS.values() if o.reads == "word"], ids=lambda o: o.name)
def test_an_option_has_the_words_of_its_catalogue_and_no_other(option, capsys):
    known = CATALOGUES[option.choices] if isinstance(option.choices, str) else option.choices
    for word in known:
        assert getattr(options(option.flag, word), option.attribute) == word
    with pytest.raises(SystemExit):
        options(option.flag, "nothing")
    assert f"choose from {', '.join(known)}" in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_of_train_can_be_had_in_both_languages(language):
    from soloneuron.cli.arguments import Parser

    parser = Parser(prog="soloneuron train")
    add_train(parser, language=language)
    assert set(options_in(parser.format_help())) >= {option.flag for option in OPTIONS.values()}
    assert ("по умолчанию" in parser.format_help()) == (language == "ru")


SAID = {
    "loss": (["--loss", "mse"], {"loss": Part("mse")}),
    "optimizer": (["--optimizer", "adam"], {"optimizer": Part("adam")}),
    "*.settings": (
        ["--set", "weight_decay=0.1"],
        {"optimizer": Part("gradient_descent", {"weight_decay": 0.1})},
    ),
    "epochs": (["--epochs", "7"], {"epochs": 7}),
    "batch_size": (["--batch-size", "7"], {"batch_size": 7}),
    "shuffle": (["--no-shuffle"], {"shuffle": False, "seed": None}),
    "reduction": (["--reduction", "sum"], {"reduction": "sum"}),
    "seed": (["--seed", "7"], {"seed": 7}),
    "penalty": (["--penalty", "l1"], {"penalty": Part("l1", {"strength": 1e-4})}),
    "penalty.strength": (
        ["--penalty", "l1", "--alpha", "0.5"],
        {"penalty": Part("l1", {"strength": 0.5})},
    ),
    "class_weight": (["--class-weight", "balanced"], {"class_weight": "balanced"}),
    "bias": (["--no-bias"], {"bias": False}),
    "record_every": (["--record-every", "7"], {"record_every": 7}),
    "dtype": (["--dtype", "float32"], {"dtype": "float32"}),
    "standardize": (["--standardize"], {"standardize": True}),
    "test_share": (["--test-share", "0.5"], {"test_share": 0.5, "split_seed": 0}),
}


def test_every_option_is_looked_at():
    assert set(SAID) | {"optimizer.learning_rate"} == set(OPTIONS)


@pytest.mark.parametrize("place", SAID)
def test_an_option_reaches_its_place_in_the_recipe_and_no_other(place):
    words, changes = SAID[place]
    assert asked(*PLAIN, *words) == replace(asked(*PLAIN), **changes)
    assert asked(*PLAIN, *words) != asked(*PLAIN)


def test_the_learning_rate_is_decided_by_the_training_and_stands_in_its_recipe():
    rate = options("--learning-rate", "0.7").learning_rate
    training = prepare(assignment_data(), **keywords_of(asked(rows=5)) | {"learning_rate": rate})
    assert recipe_of(training).learning_rate == 0.7


def test_what_is_taken_without_an_option_depends_on_the_file():
    assert asked(rows=5) == Recipe(
        optimizer=Part("gradient_descent"), batch_size=1, shuffle=False, seed=None, record_every=1
    )
    plain = asked(*PLAIN)
    assert (plain.batch_size, plain.shuffle, plain.seed) == (32, True, 0)
    few = asked(*PLAIN, rows=9)
    assert (few.batch_size, few.shuffle, few.seed) == (9, False, None)


def test_a_file_is_trained_by_a_rule_that_arrives_unless_plain_descent_is_meant():
    assert asked("f.csv").optimizer == asked("--optimizer", "auto").optimizer == Part("newton")
    assert recipe_asked(options("f.csv"), torch.zeros(ROWS, 5000)).optimizer == Part("lbfgs")
    for words in (["--batch-size", "8"], ["--no-shuffle"], ["--learning-rate", "1"], ["--set", "maximize=1"]):
        assert asked("f.csv", *words).optimizer.name == "gradient_descent"


@pytest.mark.parametrize("name", ["newton", "lbfgs"])
def test_a_line_search_takes_all_rows(name):
    for words in ([], ["f.csv"]):
        recipe = asked(*words, "--optimizer", name)
        assert (recipe.batch_size, recipe.shuffle) == (None, False)
    assert asked("f.csv", "--optimizer", name, "--batch-size", "7").batch_size == 7


def test_about_two_hundred_thetas_are_kept_unless_somebody_says_otherwise():
    assert asked("--epochs", "1001").record_every == 6
    assert asked("--epochs", "0").record_every == 1


def test_hyperparameters_go_to_their_part():
    words = ["--loss", "focal", "--penalty", "elastic_net", "--optimizer", "adam"]
    sets = ["loss.gamma=0", "penalty.l1_ratio=0.9", "beta1=0.8", "optimizer.beta2=0.9"]
    recipe = asked(*words, *(word for one in sets for word in ("--set", one)))
    assert recipe.loss == Part("focal", {"gamma": 0})
    assert recipe.penalty == Part("elastic_net", {"strength": 1e-4, "l1_ratio": 0.9})
    assert recipe.optimizer == Part("adam", {"beta1": 0.8, "beta2": 0.9})
    assert keywords_of(recipe)["penalty"].l1_ratio == 0.9


WRONG = {
    "--set los.gamma=1": (UnknownNameError, "unknown part 'los': did you mean 'loss'?"),
    "--set beta1=1 --set optimizer.beta1=2": (InputError, "--set beta1 must be given once, got 2 values"),
    "--set optimizer.learning_rate=1": (InputError, "the learning rate is given by --learning-rate"),
    "--penalty l2 --set penalty.strength=1": (InputError, "the penalty is given by --alpha, not by --set"),
    "--set penalty.l1_ratio=1": (InputError, "--set penalty.l1_ratio needs a penalty"),
}


@pytest.mark.parametrize("words", WRONG)
def test_settings_that_make_no_sense_are_refused(words):
    kind, sentence = WRONG[words]
    with pytest.raises(kind, match=sentence.replace("?", r"\?")):
        asked(*words.split())


WRONG_PARTS = {
    "--loss focal --set loss.gama=1": "unknown hyperparameter 'gama': did you mean 'gamma'?",
    "--loss nll --set loss.gamma=1": "NLL has no hyperparameters, got gamma",
    "--loss focal --set loss.gamma=x": r"gamma must be a number, got 'x' \(Focal\)",
    "--loss focal --set loss.gamma=true": r"gamma must be a number, got True \(Focal\)",
    "--loss focal --set loss.gamma=-1": "gamma must be finite and >= 0",
    "--penalty l2 --set penalty.penalize_bias=1": r"penalize_bias must be true or false, got 1 \(L2\)",
    "--penalty l2 --set penalty.l1_ratio=1": "unknown hyperparameter 'l1_ratio'",
    "--penalty elastic_net --set penalty.l1_ratio=2": r"l1_ratio must lie in \[0, 1\]",
    "--optimizer adam --set bta1=0.8": "unknown hyperparameter 'bta1': did you mean 'beta1'?",
}


@pytest.mark.parametrize("words", WRONG_PARTS)
def test_settings_that_a_part_does_not_have_are_refused(words):
    with pytest.raises(InputError, match=WRONG_PARTS[words].replace("?", r"\?")):
        keywords_of(asked(*words.split()))


def test_every_field_of_a_recipe_can_be_asked_for_but_what_is_somebodys_own():
    own = {"objective", "sample_weight", "split_seed"}
    assert {field.name for field in fields(Recipe)} - own == {place for place in OPTIONS if "." not in place}
    assert spelling("split_seed").option is None
