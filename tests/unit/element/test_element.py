"""The class itself: what it takes, what it keeps, what it refuses."""

import copy
import gc
import math
import operator
import pickle
import sys
import threading
from fractions import Fraction

import numpy as np
import pytest
import torch

from soloneuron.element import Element, where
from soloneuron.element.node import topological_order
from soloneuron.errors import InputError, InputWarning

WRONG = [None, "2", True, 1j, [1], {}, object(), np.array([1.0, 2.0]), np.bool_(True), torch.ones(2), 10**400]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda value: type(value).__name__)
def test_a_refusal_says_what_is_taken_and_what_came(wrong):
    x = Element(2.0)
    for taken in (Element, x.maximum, x.backward, x.leaky_relu):
        with pytest.raises(InputError, match=r"an Element takes (one real number|an int of at most)"):
            taken(wrong)


FOREIGN = [None, "2", True, 1j, [1], {}, object(), torch.ones(2)]


@pytest.mark.parametrize("wrong", FOREIGN, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("sign", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow])
def test_a_foreign_operand_is_pythons_own_type_error_on_either_side(sign, wrong):
    x = Element(2.0)
    for sides in ((x, wrong), (wrong, x)):
        with pytest.raises(TypeError):
            sign(*sides)


def test_a_foreign_type_that_knows_elements_is_asked():
    class Money:
        def __rmul__(self, other):
            return ("money", other)

        __radd__ = __rmul__

        def __lt__(self, other):
            return ("less", other)

    x = Element(2.0)
    assert x * Money() == ("money", x)
    assert x + Money() == ("money", x)
    assert (x > Money()) == ("less", x)
    with pytest.raises(TypeError, match="not supported between"):
        x < "2"  # noqa: B015
    assert [(Fraction(1, 2) * Element(3)).data, (Element(3) / Fraction(1, 2)).data] == [1.5, 6.0]


def test_arrays_broadcast_and_functions_of_numpy_are_those_of_element():
    a, b, x = Element(1), Element(2), Element(3)
    for product in (np.array([a, b]) * x, x * np.array([a, b])):
        assert [y.data for y in product] == [3, 6]
        assert product[0]._prev in [(a, x), (x, a)]
    assert [y.data for y in np.array([1.0, 2.0]) / Element(2)] == [0.5, 1.0]
    for number in (np.float64(2), np.float32(2), np.int64(2), np.array(2.0), torch.tensor(2.0)):
        assert (number - x).data == -1
        assert (x - number).data == 1
    matrix = np.array([[a, b], [b, x]]) @ np.array([1.0, 10.0])
    assert [y.data for y in matrix] == [21, 32]
    assert np.exp(x).data == math.exp(3)
    assert [y.data for y in np.tanh(np.array([a, b]))] == [math.tanh(1), math.tanh(2)]


def test_a_label_is_a_string_or_nothing_or_the_operands_of_a_hand_made_node():
    with pytest.raises(InputError, match="label must be a string or None"):
        Element(2, (3,))
    a, b = Element(2), Element(-3)
    for made in (Element(-6, (a, b), "*"), Element(-6, _children=(a, b), _op="*")):
        assert (made.data, made._prev, made._op) == (-6, (a, b), "*")
        made.backward()
        assert [made.grad, a.grad, b.grad] == [1, 0, 0]
    assert Element(2, (), "")._prev == ()


@pytest.mark.parametrize("read", [float, int, math.exp, math.floor, math.ceil, math.trunc, math.isfinite])
def test_a_number_that_leaves_its_graph_is_told_with_the_line(read):
    leaf = Element(2.0)
    assert read(leaf) == read(2.0)
    with pytest.warns(InputWarning, match=r"out of its graph \(test_element.py, line \d+\)") as caught:
        assert read(leaf * 3) == read(6.0)
    assert caught[0].filename == __file__


def test_reading_a_number_to_show_it_is_silent():
    x = Element(2.0) * 3.14159
    assert [x.item(), f"{x:.2f}", round(x, 1), round(x)] == [6.28318, "6.28", 6.3, 6]
    assert f"{x}" == str(x)


def test_backward_is_its_single_steps_taken_from_the_last_node_on():
    a, b = Element(2.0), Element(-3.0)
    loss = (a * b).tanh() + a
    loss.backward()
    wanted = [a.grad, b.grad]
    loss.zero_grad()
    loss.grad = 1
    for node in reversed(topological_order(loss)[0]):
        node.backward_step()
    assert [a.grad, b.grad] == wanted


def test_drawing_tools_find_operands_and_operation():
    a, b = Element(2), Element(3)
    product = a * b
    assert product._prev == (a, b)
    assert product._op == "*"
    assert a._prev == ()
    assert a._op == ""
    assert (a * a)._prev == (a,)
    assert (2 - a)._prev == (a,)


def test_subtraction_and_division_are_one_node():
    a, b = Element(2), Element(4)
    for result in (a - b, a / b, 3 - a, 3 / a, a - 3, a / 3):
        assert all(operand in (a, b) for operand in result._prev)


def test_equality_is_identity_and_order_is_by_data():
    a, b = Element(2), Element(2.0)
    assert a != b
    assert a == a  # noqa: PLR0124
    assert len({a, b, a}) == 2
    assert a <= b
    assert a >= b
    assert not a < b
    assert a > 1
    assert Element(1) < a < 3
    assert max([Element(1), a, Element(0)]) is a
    assert not Element(0.0)
    assert Element(Element(2)) > 1
    assert [repr(a > 1), (a > 1) == True, sum(x > 1 for x in (a, b, Element(0)))] == ["True", True, 2]  # noqa: E712


def test_backward_on_a_number_that_never_entered_a_graph_is_one_for_itself():
    x, other = Element(5), Element(6)
    x.backward()
    assert [x.grad, other.grad] == [1, 0]


def test_a_plus_sign_changes_nothing():
    x = Element(2)
    assert +x is x


def test_a_chain_of_a_million_nodes_is_built_walked_and_freed():
    x = end = Element(1)
    for _ in range(1_000_000):
        end = end + x
    end.backward()
    assert x.grad == 1_000_001
    del end
    assert gc.collect() == 0


def test_freeing_a_deep_graph_needs_no_deep_stack():
    def work():
        end = Element(1)
        for _ in range(200_000):
            end = -end
        end.backward()
        done.append(end.grad)

    done = []
    # From 3.13 on Python itself nests that many deallocations before it unwinds them.
    before = threading.stack_size(256 * 1024 if sys.version_info < (3, 13) else 1024 * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert done == [1]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_carries_the_value_and_not_the_graph(copied):
    end = Element(1)
    for _ in range(5000):
        end = end + 1
    end.label, end.grad = "end", 7
    twin = copied(end)
    assert (twin.data, twin.grad, twin.label, twin._prev) == (5001, 7, "end", ())


def test_a_nested_element_is_copied_with_its_inner_one():
    twin = copy.deepcopy(Element(Element(2, "inner"), "outer"))
    assert repr(twin) == "Element(data=Element(data=2, grad=0, label='inner'), grad=0, label='outer')"


def test_zero_to_the_zero_is_one_with_slope_zero():
    x = Element(0)
    y = x**0
    y.backward()
    assert [y.data, x.grad] == [1, 0]


@pytest.mark.parametrize("base", [Element(0), 0])
def test_the_slope_of_a_power_of_zero_by_its_exponent_is_zero(base):
    n = Element(2.0)
    y = base**n
    y.backward()
    assert [y.data, n.grad] == [0, 0]


@pytest.mark.parametrize("root", [lambda x: x**0.5, lambda x: x.sqrt()])
def test_the_slope_of_a_root_at_zero_is_inf_and_its_curvature_minus_inf(root):
    inner = Element(0.0)
    outer = Element(inner)
    y = root(outer)
    y.backward()
    assert y.real == 0
    assert outer.grad.real == math.inf
    outer.grad.backward()
    assert inner.grad == -math.inf


def test_where_no_gradient_arrives_none_is_passed_on_through_an_infinite_slope():
    x = Element(0.0)
    y = (x.sqrt() - 1).relu()
    y.backward()
    assert x.grad == 0


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda: Element(-8) ** 0.5, r"got \(-8\) \*\* 0.5"),
        (lambda: (-8) ** Element(0.5), r"got \(-8\) \*\* 0.5"),
        (lambda: Element(-8.0) ** Element(2.0), "needs a base >= 0, got -8.0"),
        (lambda: Element(0).log(), "log needs a number > 0, got 0"),
        (lambda: Element(-2.5).log(), "log needs a number > 0, got -2.5"),
        (lambda: Element(-4.0).sqrt(), "sqrt needs a number >= 0, got -4.0"),
    ],
)
def test_what_is_not_real_is_an_error_that_names_the_value(compute, message):
    with pytest.raises(InputError, match=message):
        compute()


@pytest.mark.parametrize("compute", [lambda x: 1 / x, lambda x: x / 0, lambda x: x**-1, lambda x: x / x])
def test_division_by_zero_is_pythons_own_error(compute):
    with pytest.raises(ZeroDivisionError):
        compute(Element(0.0))


def test_too_large_numbers_become_inf_instead_of_stopping():
    assert Element(1000).exp().data == math.inf
    assert (Element(1e200) ** 2).data == math.inf
    assert (Element(-1e200) ** 3).data == -math.inf
    assert (Element(9) ** (9**9)).data == math.inf
    assert (Element(2) ** 100).data == 2**100


@pytest.mark.parametrize(
    "name", ["relu", "leaky_relu", "exp", "tanh", "sigmoid", "softplus", "sin", "cos", "log"]
)
def test_nan_stays_nan(name):
    assert math.isnan(getattr(Element(math.nan), name)().data)


def test_waves_of_infinity_are_nan_as_in_ieee_arithmetic():
    for name in ("sin", "cos"):
        assert math.isnan(getattr(Element(math.inf), name)().data)


def test_nan_wins_against_numbers_in_maximum_and_minimum():
    for pair in ((math.nan, 1.0), (1.0, math.nan)):
        x, y = map(Element, pair)
        assert math.isnan(x.maximum(y).data)
        assert math.isnan(x.minimum(y).data)


def test_relu_at_zero_has_slope_zero_and_keeps_the_type():
    for zero in (0, 0.0):
        x = Element(zero)
        y = x.relu()
        y.backward()
        assert x.grad == 0
        assert type(y.data) is type(zero)


def test_a_seed_may_be_an_element():
    seed, x = Element(3.0), Element(2.0)
    (x * x).backward(seed)
    assert x.grad.data == 12.0


def test_a_comparison_counts_beside_numbers_and_is_recorded_beside_elements():
    a, b = Element(1.0), Element(3.0)
    small, large = a > 2, b > 2
    assert [2 * large, 1 - small, -large, large + large, large & small, large | small] == [
        2,
        1,
        -1,
        2,
        False,
        True,
    ]
    for result, value in ((large * a, 1.0), (b - large, 2.0), (a + small, 1.0), (large - b, -2.0)):
        assert result.data == value
        assert any(x._op == "where>" for x in result._prev)


def test_a_choice_takes_a_comparison_an_element_or_a_truth_value():
    a = Element(1.0)
    for condition, value in ((a > 0, 5), (a, 5), (Element(0.0), 7), (True, 5), (np.bool_(False), 7)):
        assert where(condition, 5, 7).data == value
    for wrong in (None, "x", [1]):
        with pytest.raises(InputError, match="condition must be a comparison"):
            where(wrong, 5, 7)


def test_at_the_origin_an_angle_has_a_value_and_no_slope():
    y, x = Element(0.0), Element(0.0)
    angle = y.atan2(x)
    angle.backward()
    assert angle.data == 0
    assert math.isnan(y.grad)
