"""Functions of many Elements."""

import math

import pytest

from soloneuron.element import Element, cross_entropy, dot, logsumexp, maximum, minimum, softmax, total
from soloneuron.element.functions import Vector
from soloneuron.errors import InputError, ShapeError


def test_dot_and_total_are_one_node_whatever_their_length():
    xs = [Element(i) for i in range(5)]
    assert set(total(xs)._prev) == set(xs)
    assert set(dot(xs, xs[::-1])._prev) == set(xs)
    assert set(dot(xs, range(5))._prev) == set(xs)
    assert set(dot(range(5), xs)._prev) == set(xs)


def test_dot_gives_each_operand_its_partners_value():
    w, x = [Element(2), Element(3)], [Element(10), Element(100)]
    result = dot(w, x)
    result.backward()
    assert result.data == 320
    assert [e.grad for e in (*w, *x)] == [10, 100, 2, 3]


def test_dot_of_a_vector_with_itself_gathers_both_gradients():
    x = [Element(2), Element(3)]
    dot(x, x).backward()
    assert [e.grad for e in x] == [4, 6]


def test_a_term_may_stand_twice_in_a_total():
    x = Element(2)
    result = total([x, x, 5])
    result.backward()
    assert [result.data, x.grad] == [9, 2]


def test_sums_of_nothing_and_of_numbers_are_elements_too():
    assert [total([]).data, dot([], []).data, total([1, 2]).data, dot([2], [3]).data] == [0, 0, 3, 6]


def test_a_vector_reads_its_values_once_and_serves_many_products():
    x = [Element(2), 5]
    shared = Vector.of(x)
    x[0].data = 100
    w, v = [Element(3), Element(4)], [Element(1), Element(1)]
    first, second = dot(w, shared), dot(shared, v)
    (first + second).backward()
    assert [first.data, second.data, x[0].grad] == [26, 7, 4]
    assert [e.grad for e in (*w, *v)] == [2, 5, 2, 5]


def test_dot_refuses_different_lengths_and_what_is_no_number():
    with pytest.raises(ShapeError, match="as many weights as inputs, got 1 and 2"):
        dot([Element(1)], [1, 2])
    with pytest.raises(InputError):
        dot([Element(1)], ["2"])
    with pytest.raises(InputError):
        total([Element(1), None])


def test_the_larger_and_the_smaller_take_numbers_on_either_side():
    x = Element(2)
    assert [maximum(x, 3).data, maximum(3, x).data, minimum(x, 3).data, minimum(1, x).data] == [3, 3, 2, 1]
    assert maximum(1, 2).data == 2


def test_huge_logits_do_not_overflow():
    assert [p.data for p in softmax([1000, 1000])] == [0.5, 0.5]
    assert logsumexp([1000, 1000]).data == pytest.approx(1000 + math.log(2), rel=1e-15)
    assert cross_entropy([1000, -1000], 1).data == 2000
    assert cross_entropy([1000, -1000], 0).data == 0


def test_the_gradient_of_cross_entropy_is_the_softmax_minus_the_target():
    z = [Element(0.5), Element(-1.0), Element(2.0)]
    cross_entropy(z, 1).backward()
    wanted = [p.data - (i == 1) for i, p in enumerate(softmax(z))]
    assert [e.grad for e in z] == pytest.approx(wanted, abs=1e-15)


@pytest.mark.parametrize("target", [-1, 2, True, 1.0, None])
def test_a_class_that_is_not_there_is_refused(target):
    with pytest.raises(InputError, match="target must be an index from 0 to 1"):
        cross_entropy([1, 2], target)


def test_too_few_logits_are_refused():
    for compute in (lambda: softmax([]), lambda: logsumexp([]), lambda: cross_entropy([1], 0)):
        with pytest.raises(InputError, match="needs at least"):
            compute()
