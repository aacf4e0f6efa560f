"""The check itself is checked: it must catch what is wrong, and name it."""

import math

import pytest

from soloneuron.element import Element, gradcheck, hessian
from soloneuron.element.element import computed_element
from soloneuron.errors import InputError


def wrong_sine(x):
    return computed_element(x.sin().data, "sin", x, x.sin().data)


def test_a_wrong_rule_fails_and_the_report_names_the_input():
    report = gradcheck(lambda a, b, c: a * c + wrong_sine(b), [1.0, 2.0, 3.0])
    assert not report.passed
    assert report.worst.input == 1
    assert str(report).startswith("FAILED: worst is input 1, derivative 0.909")


def test_right_rules_pass_by_the_complex_step():
    report = gradcheck(lambda a, b: (a * b).sigmoid() / b, [1.0, 2.0])
    assert report.passed
    assert report.worst.method == "complex step"
    assert str(report).startswith("passed")


def test_a_function_that_complex_numbers_cannot_enter_is_checked_by_the_central_difference():
    def rounded(x):
        return x * x + math.floor(x.data)

    report = gradcheck(rounded, [1.5])
    assert report.passed
    assert report.worst.method == "central difference"
    assert report.worst.measured == pytest.approx(3, abs=1e-9)


def test_the_central_difference_catches_a_wrong_rule_too():
    report = gradcheck(lambda x: wrong_sine(x) + math.floor(x.data), [0.3])
    assert report.worst.method == "central difference"
    assert not report.passed


def test_an_infinite_disagreement_is_no_agreement():
    report = gradcheck(lambda x: computed_element(x.data, "?", x, math.nan), [1.0])
    assert report.worst.error == math.inf
    assert not report.passed


def test_an_input_that_does_not_matter_has_derivative_zero():
    assert gradcheck(lambda x, y: x * 2, [1.0, 2.0]).passed  # noqa: ARG005


def test_the_hessian_of_a_polynomial_is_exact_in_ints():
    assert hessian(lambda x, y: x**3 * y + 2 * y**2, [2, 5]) == [[60, 12], [12, 4]]


def test_the_hessian_of_a_linear_function_is_zero():
    assert hessian(lambda x, y: 2 * x - y, [1, 2]) == [[0, 0], [0, 0]]


def test_what_is_no_function_of_elements_is_refused():
    with pytest.raises(InputError, match="must return an Element, got int"):
        gradcheck(lambda x: 3, [1.0])  # noqa: ARG005
    with pytest.raises(InputError, match="must return an Element, got NoneType"):
        hessian(lambda x: None, [1.0])  # noqa: ARG005
    with pytest.raises(InputError, match="at least one input"):
        gradcheck(lambda: Element(1), [])
