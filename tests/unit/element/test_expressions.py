"""Written expressions: what they may hold, and where they went wrong."""

import pytest

from soloneuron.element import draw_expression, parse_expression
from soloneuron.errors import InputError


def test_the_assignments_expression_becomes_its_graph():
    e = parse_expression("relu(a + b*c)", {"a": 2, "b": 3, "c": 10})
    e.backward()
    (d,) = e._prev
    a, product = d._prev
    assert [e.data, d._op, product._op, a.label] == [32, "+", "*", "a"]
    assert [leaf.grad for leaf in (a, *product._prev)] == [1, 10, 3]


def test_a_name_is_one_leaf_however_often_it_is_used():
    e = parse_expression("x*x + x", {"x": 3})
    e.backward()
    assert e._prev[1].grad == 7


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3*4", 14),
        ("2**3**2", 512),
        ("-(1 - 4)/2", 1.5),
        ("+7", 7),
        ("  maximum(1, 2) ", 2),
        ("minimum(1, 2)", 1),
        ("abs(-3)", 3),
        ("exp(0) + log(1) + sqrt(4) + sin(0) + cos(0) + tanh(0) + sigmoid(0)", 4.5),
        ("softplus(0) - log(2)", 0),
        ("leaky_relu(-1)", -0.01),
        ("1e3", 1000.0),
        ("9**9**9", float("inf")),
    ],
)
def test_everything_on_the_list_is_computed(text, value):
    assert parse_expression(text, {}).data == value


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("a + q*2", r"unknown name 'q' \(values are given for a\)", 5),
        ("  a + q", "unknown name 'q'", 7),
        ("жук(1) + a", "unknown function 'жук'", 1),
        ("a + я + q", "unknown name 'я'", 5),
        ("maximum(a, ы)*q", "unknown name 'ы'", 12),
        ("a +", "invalid syntax", 4),
        ("a * class", "'class' is a word of Python and can be no name", 5),
        ("relu(a", "never closed", 5),
        ("", "an expression is missing", 1),
        ("   ", "an expression is missing", 1),
        ("a\n+ a", "unexpected", 2),
        ("a + \x00", "unexpected", 5),
        ("a + a.data", "only numbers", 5),
        ("__import__('os')", "unknown function", 1),
        ("a + (lambda: 1)()", "only numbers", 5),
        ("a[0]", "only numbers", 1),
        ("relu(a)(a)", "only numbers", 1),
        ("relu(*a)", "only numbers", 6),
        ("relu(x=a)", "only numbers", 1),
        ("[a for a in a]", "only numbers", 1),
        ("a if a else a", "only numbers", 1),
        ("a == a", "only numbers", 1),
        ("a // 2", "only numbers", 1),
        ("~a", "only numbers", 1),
        ("(b := a)", "only numbers", 2),
        ("True", "only numbers", 1),
        ("'a'", "only numbers", 1),
        ("2j", "only numbers", 1),
        ("f'{a}'", "only numbers", 1),
        ("relu(a, a)", r"relu takes 1 argument\(s\), got 2", 1),
        ("a + log(a - 2)", "log needs a number > 0, got 0", 5),
        ("a + 1/(a - 2)", "division by zero", 5),
        ("a + (-8)**0.5", "not real", 5),
        ("9" * 400 + "*a", "at most 1024 bits", 1),
        ("(" * 300 + "a" + ")" * 300, "nested", None),
    ],
)
def test_a_refusal_is_one_line_and_says_where(text, message, position):
    with pytest.raises(InputError, match=message) as refusal:
        draw_expression(text, {"a": 2})
    assert "\n" not in str(refusal.value)
    if position is not None:
        assert refusal.value.fields["position"] == position
        assert f"at position {position} of" in str(refusal.value)


def test_a_value_that_is_not_used_and_one_that_is_no_number_are_refused():
    with pytest.raises(InputError, match="does not use b"):
        parse_expression("a", {"a": 1, "b": 2})
    with pytest.raises(InputError, match="one real number"):
        parse_expression("a", {"a": "1"})


def test_an_endless_text_is_refused_before_it_is_read():
    with pytest.raises(InputError, match="at most 1000 characters, got 2001"):
        parse_expression("a+" * 1000 + "a", {"a": 1})


def test_a_long_chain_of_operators_is_read():
    assert parse_expression("-" * 900 + "a", {"a": 2}).data == 2
    assert parse_expression("a+" * 499 + "a", {"a": 2}).data == 1000


def test_the_longest_expression_is_drawn_by_its_layers():
    assert ">499 × " in draw_expression("a+" * 499 + "a", {"a": 2})


def test_a_drawn_expression_shows_values_and_gradients():
    svg = draw_expression("relu(a + b*c)", {"a": 2, "b": -3, "c": 10})
    assert svg.startswith("<svg")
    for text in ("a = 2", "b = -3", "-28", "grad 1"):
        assert f">{text}<" in svg
