"""Formulas on symbols leave the expression of what they compute."""

import math

import pytest
import torch

from soloneuron.formulas.links import sigmoid, sigmoid_slope, softplus
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.losses.base import Loss
from soloneuron.webmath.losses import loss_formulas, losses_source, translated_losses
from soloneuron.webmath.symbols import Symbol
from soloneuron.webmath.typescript import constant, expression_text, statements


def text(found):
    return expression_text(found.term)


def test_a_formula_is_written_with_no_parenthesis_too_many():
    x, y = Symbol.of("x"), Symbol.of("y")
    assert text(1 - (x - y) - 2 * (x + y) / -y) == "1 - (x - y) - 2 * (x + y) / -y"
    assert text(-((x * y) ** 2)) == "-(x * y * (x * y))"
    assert text(x / (y / 2)) == "x / (y / 2)"
    assert text(-3 * x) == "-3 * x"
    assert text(x**-0.5) == "Math.pow(x, -0.5)"


def test_what_is_known_is_worked_out():
    x = Symbol.of("x")
    assert text(0 * x + 1 * x - 0) == "x"
    assert text((2 - 1) * x / 1) == "x"
    assert (x**0).term == 1
    assert text(torch.where(x > 0, x, -x) * 0 + x) == "x"


def test_a_comparison_of_what_has_a_sign_is_mirrored():
    x = Symbol.of("x")
    assert text(torch.where(-x > 0, 1, x)) == "x < 0 ? 1 : x"
    assert text(torch.where(-x < 1, 1, x)) == "x > -1 ? 1 : x"
    assert text(torch.where(x <= 2, torch.where(x >= 1, 3, x), x)) == "x <= 2 ? (x >= 1 ? 3 : x) : x"


def test_a_change_in_place_is_seen_by_who_holds_the_symbol():
    x = Symbol.of("x")
    held = x + 1
    held.mul_(x).neg_()
    assert text(held) == "-((x + 1) * x)"


def test_one_exponential_serves_both_probabilities():
    z = Symbol.of("z")
    found = statements([each.term for each in (sigmoid(z), sigmoid(-z), sigmoid_slope(z), softplus(z))])
    assert sum(line.count("exp") for line in (*found.lines, *found.results)) == 1


def test_what_stands_twice_is_worked_out_once():
    x = Symbol.of("x")
    square = (x + 1) ** 2
    found = statements([(square + square.exp()).term])
    assert found.lines == ("const a0 = x + 1;", "const a1 = a0 * a0;")
    assert found.results == ("a1 + Math.exp(a1)",)


def test_numbers_are_written_as_typescript_has_them():
    written = [constant(x) for x in (1.0, -0.5, 1e-300, math.inf, 2)]
    assert written == ["1", "-0.5", "1e-300", "Infinity", "2"]


def test_tensors_in_a_formula_are_numbers():
    assert text(torch.tensor(0.5, dtype=torch.float64) * Symbol.of("x")) == "0.5 * x"


@pytest.mark.parametrize("use", [torch.erf, lambda x: x.tanh()])
def test_a_function_that_nobody_translates_is_named(use):
    with pytest.raises((AttributeError, NotImplementedError), match=r"tanh|erf"):
        use(Symbol.of("x"))


def test_what_is_no_number_is_refused():
    with pytest.raises(TypeError, match="numbers and symbols"):
        _ = Symbol.of("x") + "1"


def test_a_loss_of_one_logit_has_three_formulas_in_it():
    value, slope, bend = map(expression_text, loss_formulas(as_loss("squared_hinge")))
    assert value == "(1 + t > 0 ? 1 + t : 0) * (1 + t > 0 ? 1 + t : 0)"
    assert slope == "2 * (1 + t > 0 ? 1 + t : 0)"
    assert bend == "t > -1 ? 2 : 0"


def test_a_loss_that_needs_the_label_is_not_the_page_s(monkeypatch):
    monkeypatch.setattr(type(as_loss("nll")), "symmetric", False)
    assert "nll" not in translated_losses()
    assert "const nll" not in losses_source()
    with pytest.raises(ValueError, match="not symmetric"):
        loss_formulas(as_loss("nll"))
    assert Loss.symmetric is False
