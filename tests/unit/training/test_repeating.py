"""A recipe as a command and as Python: both train the same again, to the last bit."""

import shlex
import warnings
from dataclasses import replace

import pytest
import torch

import soloneuron
from soloneuron.cli.parser import make_parser
from soloneuron.cli.train import run_train
from soloneuron.data.assignment import START, assignment_data
from soloneuron.errors import InputError, InputWarning
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.optimizers.catalogue import OPTIMIZERS, SCHEDULES
from soloneuron.records.recipe import Part, Recipe
from soloneuron.result.fitting import fit
from soloneuron.result.run import load_run
from soloneuron.training.commands import command_of
from soloneuron.training.prepare import prepare
from soloneuron.training.recipes import recipe_of
from soloneuron.training.repeating import RowsFile
from soloneuron.training.scripts import python_of

WORDS = [
    "",
    "--no-bias --optimizer adagrad_norm",
    "--optimizer adagrad_norm --set bias=false",
    "--batch-size 2 --shuffle --seed 7",
    "--batch-size 2 --no-shuffle",
    "--batch-size all --learning-rate 0.3 --epochs 0",
    "--learning-rate auto --epochs 500",
    "--learning-rate cosine --optimizer adam",
    "--learning-rate 0.5*(warm_up(5)>>polynomial(0.9,power=2)) --epochs 20",
    "--record-every 7 --dtype float32 --reduction sum",
    "--class-weight balanced --penalty l2 --alpha 0.01",
    "--loss focal --set loss.gamma=0 --penalty elastic_net --set penalty.l1_ratio=0.9",
    "--penalty l1 --set penalty.penalize_bias=true",
    "--loss huber --set loss.delta=0.25 --optimizer rmsprop --set centered=true --set clip_norm=1",
    "--optimizer adam --set beta1=0.8 --set variant=hat --set weight_decay=0.1 --set decay=decoupled",
    *(f"--loss {name} --learning-rate 0.01 --epochs 60" for name in LOSSES),
    *(f"--penalty {name}" for name in PENALTIES),
    *(f"--optimizer {name} --learning-rate 0.01 --epochs 60" for name in OPTIMIZERS),
    *(
        f"--optimizer {name} --set weight_decay=0.5 --epochs 60"
        for name in OPTIMIZERS
        if OPTIMIZERS.load(name).needs != "objective"
    ),
]

FILE_WORDS = [
    *("", "--no-shuffle", "--batch-size 1", "--batch-size all", "--standardize --seed 3"),
    "--test-share 0.25 --seed 5 --standardize",
    "--test-share 0.5 --no-shuffle",
    "--epochs 1001 --batch-size 9",
]


def trained(words, folder):
    """The run of a command line that saves it."""
    path = folder / "run.json"
    options = make_parser().parse_args(["train", *words, "--quiet", "--save-run", str(path)])
    assert run_train(options) == 0
    return load_run(path)


def words_of(command):
    program, name, *words = shlex.split(command)
    assert (program, name) == ("soloneuron", "train")
    return words


def executed(script):
    namespace = {}
    exec(script, namespace)
    return namespace["run"]


@pytest.fixture
def rows(tmp_path):
    """A file whose columns have names that must be quoted."""
    lines = ['"height, cm",-weight,no use,sick or not']
    labels = ['"-2,0"' if i * i % 5 < 3 else "well" for i in range(41)]
    lines += [f"{7 * i % 40 / 10},{11 * i % 37 / 10},{i},{label}" for i, label in enumerate(labels)]
    path = tmp_path / "the clinic's.csv"
    path.write_text("\n".join(lines))
    return RowsFile(str(path), "sick or not", ("height, cm", "-weight"), positive="-2,0")


@pytest.mark.parametrize("words", WORDS)
def test_a_run_of_the_assignment_is_repeated_by_command_and_by_python(words, tmp_path):
    first = trained(words.split(), tmp_path)
    again = trained(words_of(command_of(first.recipe)), tmp_path)
    assert again.recipe == first.recipe
    script = executed(python_of(first.recipe))
    assert script.recipe == first.recipe
    for other in (again, script):
        assert torch.equal(other.theta, first.theta)


@pytest.mark.parametrize("words", FILE_WORDS)
def test_a_run_of_a_file_is_repeated_by_command_and_by_python(words, rows, tmp_path):
    plain = command_of(Recipe(batch_size=32, shuffle=True, seed=0), rows)
    first = trained([*words_of(plain), *words.split()], tmp_path)
    again = trained(words_of(command_of(first.recipe, rows)), tmp_path)
    script = executed(python_of(first.recipe, rows))
    assert again.recipe == first.recipe
    for other in (again, script):
        assert torch.equal(other.theta, first.theta)


def test_a_run_of_words_and_gaps_is_repeated_by_command_and_by_python(tmp_path):
    lines = [
        f"{['red', 'blue', ''][i % 3]},{'' if i % 4 else i},{['да', 'нет'][i * i % 7 < 3]}" for i in range(41)
    ]
    (tmp_path / "c.csv").write_text("\n".join(["color,size,label", *lines]))
    rows = RowsFile(str(tmp_path / "c.csv"), "label", encode=True, missing="indicator")
    plain = command_of(Recipe(batch_size=32, shuffle=True, seed=0), rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        first = trained(words_of(plain), tmp_path)
        again, script = trained(words_of(plain), tmp_path), executed(python_of(first.recipe, rows))
    assert first.data.columns
    assert first.data.feature_names == ("size", "color=blue", "color=red", "color=?", "size=?")
    for other in (again, script):
        assert torch.equal(other.theta, first.theta)
        assert other.data.columns == first.data.columns


def test_a_command_has_only_what_differs():
    assert command_of(recipe_of(prepare(assignment_data(), batch_size=1))) == "soloneuron train"
    plain = prepare(assignment_data(), optimizer="adagrad_norm", batch_size=1, bias=False)
    assert command_of(recipe_of(plain)) == "soloneuron train --optimizer adagrad_norm --no-bias"
    recipe = Recipe(optimizer=Part("adam", {"beta1": 0.9, "beta2": 0.5}), batch_size=32, shuffle=True, seed=0)
    told = command_of(recipe, RowsFile("a b.csv", "-y"))
    assert told == "soloneuron train 'a b.csv' --label=-y --optimizer adam --set beta2=0.5 --no-standardize"


def test_a_script_has_only_what_differs():
    assert python_of(Recipe(), start=[0.0]).splitlines() == [
        "from soloneuron import assignment_data, fit",
        "",
        "data = assignment_data()",
        "run = fit(data, initial=[0.0])",
    ]


KEYWORDS = {
    "a rate for each coordinate": {"learning_rate": torch.tensor([0.1, 0.2, 0.3])},
    "weights of the classes": {"class_weight": {0: 1.0, 1: 2.0}},
    "a full batch in an order of its own": {"shuffle": True, "seed": 3},
}
"""What python_of can tell and command_of cannot."""


@pytest.mark.parametrize("case", KEYWORDS)
def test_what_no_option_says_is_refused_by_the_command_and_told_in_python(case):
    start = [0.1, -0.2, 0.0]
    run = fit(assignment_data(), initial=start, epochs=30, **KEYWORDS[case])
    with pytest.raises(InputError, match="python_of can tell"):
        command_of(run.recipe)
    again = executed(python_of(run.recipe, start=start))
    assert again.recipe == run.recipe
    assert torch.equal(again.theta, run.theta)


def test_seeds_that_differ_are_refused_by_the_command():
    recipe = Recipe(batch_size=2, shuffle=True, seed=1, test_share=0.5, split_seed=2)
    with pytest.raises(InputError, match="a seed of the order"):
        command_of(recipe, RowsFile("a.csv", "y"))


def test_a_start_that_is_not_the_commands_is_refused():
    weights, bias = START
    assert command_of(Recipe(batch_size=1), start=[*weights, bias]) == "soloneuron train"
    with pytest.raises(InputError, match="starts at"):
        command_of(Recipe(batch_size=1), start=[1.0, 1.0, 1.0])
    with pytest.raises(InputError, match="starts at"):
        command_of(Recipe(batch_size=1), RowsFile("a.csv", "y"), start=[*weights, bias])


class OwnLoss:
    """(z - y)^2, which nobody would take."""

    name = "of my own"

    def value(self, z, y):
        return (z - y) ** 2

    def derivative(self, z, y):
        return 2 * (z - y)


OWN = {
    "a loss": {"loss": OwnLoss()},
    "a schedule": {"learning_rate": lambda t: 0.1 / t},
    "weights of rows": {"sample_weight": [1, 2, 3, 4, 5]},
}


@pytest.mark.parametrize("write", [command_of, python_of])
@pytest.mark.parametrize("case", OWN)
def test_what_is_somebodys_own_is_refused_with_a_sentence(case, write):
    recipe = recipe_of(prepare(assignment_data(), **OWN[case]))
    with pytest.raises(InputError, match=r"to fit$"):
        write(recipe)


def test_an_objective_of_somebodys_own_is_refused():
    recipe = replace(Recipe(), objective=Part("f", own=True))
    for write in (command_of, python_of):
        with pytest.raises(InputError, match="'f' is somebody's own object"):
            write(recipe)


def test_everything_a_script_may_name_can_be_imported():
    for catalogue in (LOSSES, PENALTIES, OPTIMIZERS):
        for name in catalogue:
            assert getattr(soloneuron, catalogue.load(name).__name__) is catalogue.load(name)
    recipe = recipe_of(prepare(assignment_data(), optimizer="momentum"))
    for name in SCHEDULES:
        settings = {**recipe.optimizer.settings, "learning_rate": Part(name, {"rate": 0.125})}
        told = replace(recipe, optimizer=Part("momentum", settings), epochs=2)
        assert executed(python_of(told)).recipe.learning_rate.settings["rate"] == 0.125
