"""Task 2 of the assignment: addition, multiplication, ReLU and backward on scalars.

Written to be read from top to bottom, and to be run alone: python -m unittest tests/mission/test_element.py
"""

import unittest

from soloneuron import Element
from soloneuron.errors import InputError


class TheFourCasesOfTheAssignment(unittest.TestCase):
    """They stand as they came with the task; only the last one had to be corrected."""

    def test_add(self):
        a = Element(2, "a")
        b = Element(4, "b")
        c = a + b
        c.backward()
        self.assertEqual(c.data, 6)
        self.assertEqual(c.label, None)
        self.assertEqual(a.grad, 1)
        self.assertEqual(b.grad, 1)

    def test_multiply(self):
        a = Element(2, "a")
        b = Element(4, "b")
        c = a * b
        c.backward()
        self.assertEqual(c.data, 8)
        self.assertEqual(c.label, None)
        self.assertEqual(a.grad, 4)
        self.assertEqual(b.grad, 2)

    def test_relu(self):
        self.assertEqual(Element(2, "a").relu().data, 2)
        self.assertEqual(Element(-4, "b").relu().data, 0)

    def test_example(self):
        a = Element(2, "a")
        b = Element(-3, "b")
        c = Element(10, "c")
        d = a + b * c
        d.label = "d"
        e = d.relu()
        e.label = "e"
        e.backward()
        # The task expects 1, 10, -3, 1 here. That cannot be: d is -28, ReLU is flat there, so a small
        # change of a, b, c or d does not change e at all, and every derivative behind ReLU is 0.
        self.assertEqual([x.grad for x in (a, b, c, d)], [0, 0, 0, 0])
        self.assertEqual(e.grad, 1)


class TheRunsInTheNotebook(unittest.TestCase):
    def test_a_living_relu_lets_the_gradient_through(self):
        a, b, c = Element(2, "a"), Element(3, "b"), Element(10, "c")
        d = a + b * c
        e = d.relu()
        e.backward()
        self.assertEqual([x.data for x in (d, e)], [32, 32])
        self.assertEqual([x.grad for x in (a, b, c, d, e)], [1, 10, 3, 1, 1])

    def test_a_product_of_a_sum(self):
        a, b, c, d = Element(2), Element(3), Element(10), Element(7)
        e = (a + b * c) * d
        f = e.relu()
        f.backward()
        self.assertEqual(f.data, 224)
        self.assertEqual([x.grad for x in (a, b, c, d, e, f)], [7, 70, 21, 32, 1, 1])


class WhatPrintingShows(unittest.TestCase):
    def test_an_element_prints_its_value_and_gradient_and_ints_stay_ints(self):
        self.assertEqual(repr(Element(2)), "Element(data=2, grad=0)")

    def test_a_label_is_printed_when_there_is_one(self):
        self.assertEqual(repr(Element(2.5, "a")), "Element(data=2.5, grad=0, label='a')")


class WhatOftenGoesWrong(unittest.TestCase):
    """Each case breaks a solution that was really handed in somewhere."""

    def test_a_number_used_twice_gathers_both_gradients(self):
        a = Element(3)
        (a + a).backward()
        self.assertEqual(a.grad, 2)

    def test_a_number_used_twice_in_a_product_gathers_both_gradients(self):
        a = Element(3)
        (a * a).backward()
        self.assertEqual(a.grad, 6)

    def test_a_node_waits_for_all_its_users(self):
        # b is used directly and through c: its gradient is complete only after c's was passed on.
        a = Element(2)
        b = a * 3
        c = b * 5
        (b + c).backward()
        self.assertEqual(b.grad, 6)
        self.assertEqual(a.grad, 18)

    def test_a_number_met_early_and_late_gathers_everything(self):
        # The idea of micrograd's own first test: one input, used at every depth.
        x = Element(2)
        y = x * 3 + 1
        z = (y * y).relu() - x * y
        result = z + z * x
        result.backward()
        # y = 3x + 1, z = 6x^2 + 5x + 1, result = z (1 + x), and so result' = (12x + 5)(1 + x) + z.
        self.assertEqual(result.data, 105)
        self.assertEqual(x.grad, 122)

    def test_one_operand_in_two_results_serves_both(self):
        a, b, c = Element(2), Element(3), Element(4)
        first, second = a * b, a * c
        first.backward()
        self.assertEqual([a.grad, b.grad, c.grad], [3, 2, 0])
        second.backward()
        self.assertEqual([a.grad, b.grad, c.grad], [7, 2, 2])

    def test_repeating_backward_adds_to_leaves_and_not_to_what_was_computed(self):
        a = Element(3)
        b = a * 2
        c = b * 3
        for expected in (6, 12, 18):
            c.backward()
            self.assertEqual(a.grad, expected)
            self.assertEqual(b.grad, 3)
            self.assertEqual(c.grad, 1)

    def test_zero_grad_starts_again(self):
        a = Element(3)
        c = a * 6
        c.backward()
        c.zero_grad()
        self.assertEqual([a.grad, c.grad], [0, 0])
        c.backward()
        self.assertEqual(a.grad, 6)

    def test_numbers_may_stand_on_either_side(self):
        a = Element(4)
        self.assertEqual(
            [(2 + a).data, (2 - a).data, (2 * a).data, (2 / a).data, (2**a).data], [6, -2, 8, 0.5, 16]
        )
        self.assertEqual(sum([a, a, a]).data, 12)

    def test_a_graph_may_be_deep(self):
        x = end = Element(1)
        for _ in range(100_000):
            end = end + x
        end.backward()
        self.assertEqual(x.grad, 100_001)

    def test_a_graph_may_have_more_paths_than_could_ever_be_walked(self):
        x = end = Element(1)
        for _ in range(50):
            end = end + end
        end.backward()
        self.assertEqual(x.grad, 2**50)

    def test_changing_a_value_after_the_forward_pass_does_not_change_its_derivatives(self):
        a, b = Element(2), Element(3)
        c = a * b
        a.data, b.data = 100, 1000
        c.backward()
        self.assertEqual([a.grad, b.grad], [3, 2])

    def test_a_negative_number_has_no_square_root(self):
        with self.assertRaises(InputError):
            Element(-8) ** 0.5

    def test_what_is_not_a_number_is_refused(self):
        for wrong in (None, "2", True, [1, 2]):
            with self.assertRaises(InputError):
                Element(wrong)
            with self.assertRaises(TypeError):
                Element(1) + wrong


if __name__ == "__main__":
    unittest.main()
