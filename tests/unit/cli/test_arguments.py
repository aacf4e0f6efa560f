"""The argument parser: its complaints, its suggestions, and values that look like options."""

import argparse
import ast
import inspect

import pytest

from soloneuron.cli import arguments
from soloneuron.cli.arguments import Parser, numbers_as_values, options_in
from soloneuron.cli.parser import make_parser


@pytest.fixture
def parsed():
    return lambda *words: make_parser().parse_args(list(words))


@pytest.fixture
def complaint(capsys):
    """The one line with which the parser refuses."""

    def call(*words):
        with pytest.raises(SystemExit) as end:
            make_parser().parse_args(list(words))
        assert end.value.code == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.endswith("--help)\n")
        return err.rstrip("\n")

    return call


def test_nothing_of_argparse_that_is_private_is_overridden():
    private = {name for name in dir(argparse.ArgumentParser()) if name.startswith("_") and name[1] != "_"}
    tree = ast.parse(inspect.getsource(arguments))
    touched = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    touched |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert touched & private == set()


@pytest.mark.parametrize("value", ["-2,0", "-1e3", "-1", "-.5", "-2*x", "-5 mg"])
@pytest.mark.parametrize("command", [("train", "rows.csv"), ("report",)], ids=["train", "report"])
def test_a_value_may_begin_like_a_negative_number(value, command, parsed):
    assert parsed(*command, "--positive", value, "--label", "y").positive == value
    assert parsed(*command, f"--positive={value}").positive == value


def test_a_short_option_takes_such_a_value_too(parsed):
    assert parsed("train", "-o", "-1.json", "rows.csv").output == "-1.json"


@pytest.mark.parametrize("words", [["-2*x", "x=1", "-o", "a.svg"], ["-o", "a.svg", "-2*x", "x=1"]])
def test_an_expression_may_begin_with_a_minus(words, parsed):
    options = parsed("graph", *words)
    assert (options.expression, options.values, options.output) == ("-2*x", ["x=1"], "a.svg")


def test_after_two_dashes_everything_is_a_value(parsed):
    assert parsed("graph", "-o", "a.svg", "--", "-x", "x=1").expression == "-x"
    assert parsed("train", "--seed", "3", "--", "-1.csv").file == "-1.csv"


SEVERAL = {
    "train": ("train a.csv --label y b.csv", "file", ["a.csv", "b.csv"]),
    "train, two dashes": ("train a.csv --label y -- b.csv", "file", ["a.csv", "b.csv"]),
    "train, one": ("train --label y a.csv", "file", "a.csv"),
    "predict": ("predict m.json a.csv -o p.csv b.csv", "file", ["a.csv", "b.csv"]),
    "evaluate": ("evaluate m.json a.csv b.csv --json", "file", ["a.csv", "b.csv"]),
    "plot": ("plot a.json -o p.html b.json", "runs", ["a.json", "b.json"]),
    "replay": ("replay a.json -o p.html b.json", "runs", ["a.json", "b.json"]),
    "graph": ("graph a*b -o g.svg a=1 b=2", "values", ["a=1", "b=2"]),
}


@pytest.mark.parametrize("case", SEVERAL)
def test_words_of_one_kind_may_stand_before_and_behind_options(case, parsed):
    words, name, found = SEVERAL[case]
    assert getattr(parsed(*words.split()), name) == found


def test_a_switch_takes_no_value(parsed):
    options = parsed("train", "--json", "-1.csv")
    assert (options.json, options.file) == (True, "-1.csv")


def test_an_option_without_its_value_is_told_so(complaint):
    assert "argument --label: expected one argument" in complaint("train", "--label")
    assert "argument --label: expected one argument" in complaint("train", "-1.csv", "--label", "--json")


def test_only_words_that_need_it_are_touched():
    assert numbers_as_values(["--label", "y", "--json"], ["--label"]) == ["--label", "y", "--json"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["trian"], "soloneuron: argument COMMAND: invalid choice: 'trian': did you mean 'train'? choose"),
        (["TRAIN"], "did you mean 'train'?"),
        ([], "soloneuron: the following arguments are required: COMMAND"),
        (["train", "--batchsize", "3"], "arguments: --batchsize: did you mean '--batch-size'?"),
        (["train", "--ouput=x"], "did you mean '--output'?"),
        (["train", "--zzzz"], "soloneuron train: unrecognized arguments: --zzzz (see"),
        (["train", "--lang", "de"], "argument --lang: invalid choice: 'de': choose from en, ru"),
        (["losses", "nl"], "argument NAME: invalid choice: 'nl': did you mean 'nll'?"),
        (["data", "moon"], "did you mean 'moons'?"),
        (["experiment", "sadle"], "did you mean 'saddle'?"),
        (["optimizers", "adm"], "did you mean 'adam'?"),
        (["train", "--lr", "3"], "did you mean '--learning-rate'?"),
        (["train", "--batch", "3"], "did you mean '--batch-size'?"),
        (["train", "--n_epochs", "3"], "did you mean '--epochs'?"),
        (["predict", "m", "f", "--out", "3"], "did you mean '--output'?"),
        (["train", "-q"], "did you mean '--quiet'?"),
    ],
)
def test_the_nearest_is_suggested(words, sentence, complaint):
    assert sentence in complaint(*words)


@pytest.mark.parametrize(
    ("words", "name", "found"),
    [
        (["train", "--optimizer", "ADAM"], "optimizer", "adam"),
        (["train", "--penalty", "L2"], "penalty", "l2"),
        (["train", "--loss", "Squared-Hinge"], "loss", "squared_hinge"),
        (["data", "Moons"], "name", "moons"),
    ],
)
def test_a_name_is_found_whatever_its_capitals(words, name, found, parsed):
    assert getattr(parsed(*words), name) == found


def test_the_options_of_a_help_are_found_but_not_those_that_are_only_mentioned():
    parser = Parser(prog="p", description="see --elsewhere")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to, as --never says, " * 9)
    parser.add_argument("--kind", choices=["a", "b"])
    parser.add_argument("--shuffle", action=argparse.BooleanOptionalAction)
    found = options_in(parser.format_help())
    assert found == ["-h", "--help", "-o", "--output", "--kind", "--shuffle", "--no-shuffle"]
    assert options_in(parser.format_help(), valued=True) == ["-o", "--output", "--kind"]
