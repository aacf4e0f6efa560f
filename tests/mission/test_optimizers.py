"""Task 3: the nine optimizers. Run me: python -m unittest tests/mission/test_optimizers.py

Every method takes one or two steps that can be checked with pencil and paper, then trains the neuron on the
assignment's five points. The gradient is written by hand; torch's own optimizers and gradients are not used.
"""

import math
import unittest

import torch

from soloneuron.formulas.links import sigmoid
from soloneuron.formulas.losses import NLL
from soloneuron.optimizers import (
    NAG,
    Adadelta,
    Adagrad,
    AdagradNorm,
    Adam,
    AdamW,
    Momentum,
    Nadam,
    Nesterov,
    RMSProp,
)

# The assignment's data; a column of ones makes the bias the last weight.
X = torch.tensor(
    [[1.0, 2.0, 1.0], [2.0, 1.0, 1.0], [-1.0, -2.0, 1.0], [0.5, 0.5, 1.0], [0.0, 1.0, 1.0]],
    dtype=torch.float64,
)
Y = torch.tensor([1.0, 0.0, 0.0, 0.0, 1.0], dtype=torch.float64)
START = torch.tensor([0.1, -0.2, 0.0], dtype=torch.float64)


def loss(theta):
    """The negative log-likelihood, summed over the five points."""
    return NLL().value(X @ theta, Y).sum().item()


def gradient(theta):
    """Its gradient: X^T (p - y)."""
    return X.T @ (sigmoid(X @ theta) - Y)


def train(rule, epochs):
    """theta after full-batch training, and the summed loss before every step."""
    theta, losses = START.clone(), []
    state = rule.start(theta)
    for _ in range(epochs):
        losses.append(loss(theta))
        rule.step(theta, gradient(rule.at(theta, state)), state)
    return theta, losses


def steps(rule, *gradients, start=1.0):
    """One number, moved against the given gradients."""
    theta = torch.tensor([start], dtype=torch.float64)
    state = rule.start(theta)
    for g in gradients:
        rule.step(theta, torch.tensor([g], dtype=torch.float64), state)
    return theta.item()


class TheNine(unittest.TestCase):
    """Each method by pencil and paper: theta = 1, gradients 2 and then 1, rate 0.1."""

    def test_momentum_rolls_on(self):
        # v = 2, then 0.9 * 2 + 1 = 2.8
        self.assertAlmostEqual(steps(Momentum(learning_rate=0.1), 2.0, 1.0), 1 - 0.1 * 2 - 0.1 * 2.8)

    def test_nesterov_adds_the_velocity_to_come(self):
        # v = 2 and 2.8 as above, but the steps are g + 0.9 v
        expected = 1 - 0.1 * (2 + 0.9 * 2) - 0.1 * (1 + 0.9 * 2.8)
        self.assertAlmostEqual(steps(Nesterov(learning_rate=0.1), 2.0, 1.0), expected)

    def test_nag_asks_for_the_gradient_where_it_is_going(self):
        rule, theta = NAG(learning_rate=0.1), torch.tensor([1.0], dtype=torch.float64)
        state = rule.start(theta)
        self.assertAlmostEqual(rule.at(theta, state).item(), 1.0)
        rule.step(theta, torch.tensor([2.0], dtype=torch.float64), state)  # v = -0.2, theta = 0.8
        self.assertAlmostEqual(theta.item(), 0.8)
        self.assertAlmostEqual(rule.at(theta, state).item(), 0.8 + 0.9 * -0.2)

    def test_adagrad_divides_by_all_gradients_so_far(self):
        expected = 1 - 0.1 * 2 / math.sqrt(4) - 0.1 * 1 / math.sqrt(4 + 1)
        self.assertAlmostEqual(steps(Adagrad(learning_rate=0.1), 2.0, 1.0), expected)

    def test_adadelta_measures_steps_in_the_units_of_theta(self):
        E = 0.1 * 4
        d = math.sqrt(0 + 1e-6) / math.sqrt(E + 1e-6) * 2
        self.assertAlmostEqual(steps(Adadelta(rho=0.9, epsilon=1e-6), 2.0), 1 - d)

    def test_rmsprop_divides_by_the_recent_gradients(self):
        first = 0.1 * 4
        second = 0.9 * first + 0.1 * 1
        expected = 1 - 0.1 * 2 / math.sqrt(first) - 0.1 * 1 / math.sqrt(second)
        self.assertAlmostEqual(steps(RMSProp(learning_rate=0.1, rho=0.9), 2.0, 1.0), expected, places=6)

    def test_adam_moves_by_the_rate_at_first_however_large_the_gradient(self):
        for g in (1e-3, 2.0, 1e6):
            self.assertAlmostEqual(steps(Adam(learning_rate=0.1), g), 1 - 0.1, places=5)

    def test_adam_corrects_both_means_for_their_start_at_zero(self):
        m = (0.9 * 0.1 * 2 + 0.1 * 1) / (1 - 0.9**2)
        v = (0.999 * 0.001 * 4 + 0.001 * 1) / (1 - 0.999**2)
        expected = 1 - 0.1 - 0.1 * m / math.sqrt(v)
        self.assertAlmostEqual(steps(Adam(learning_rate=0.1), 2.0, 1.0), expected, places=6)

    def test_nadam_counts_on_the_momentum_of_the_next_step(self):
        def mu(t):
            return 0.9 * (1 - 0.5 * 0.96 ** (0.004 * t))

        m = 0.1 * 2
        ahead = mu(2) * m / (1 - mu(1) * mu(2)) + (1 - mu(1)) * 2 / (1 - mu(1))
        self.assertAlmostEqual(steps(Nadam(learning_rate=0.1), 2.0), 1 - 0.1 * ahead / 2, places=6)

    def test_adamw_shrinks_the_weight_beside_the_step(self):
        adam, adamw = Adam(learning_rate=0.1), AdamW(learning_rate=0.1, weight_decay=0.5)
        self.assertAlmostEqual(steps(adamw, 2.0), steps(adam, 2.0) - 0.1 * 0.5 * 1.0)


class TheNeuron(unittest.TestCase):
    """The neuron of the assignment learns with each of the nine."""

    def test_each_of_the_nine_trains_it(self):
        for rule in (
            Momentum(learning_rate=0.1),
            Nesterov(learning_rate=0.1),
            NAG(learning_rate=0.1),
            Adagrad(learning_rate=1.0),
            Adadelta(learning_rate=10.0),
            RMSProp(learning_rate=0.1),
            Adam(learning_rate=0.3),
            Nadam(learning_rate=0.3),
            AdamW(learning_rate=0.3),
        ):
            with self.subTest(rule=rule):
                theta, losses = train(rule, 100)
                self.assertLess(loss(theta), losses[0] / 4)
                right = ((X @ theta > 0) == (Y > 0.5)).sum().item()
                self.assertEqual(right, 5)

    def test_the_assignments_adagrad_run_is_reproduced(self):
        rule = AdagradNorm(learning_rate=1.0, epsilon=0.01)
        theta, losses = train(rule, 50)
        self.assertEqual([round(w, 4) for w in theta.tolist()], [-3.0611, 4.4113, -2.4234])
        self.assertEqual([round(x, 4) for x in losses[:3]], [3.8685, 2.383, 1.9772])
        self.assertEqual(round(losses[-1], 4), 0.3449)


if __name__ == "__main__":
    unittest.main()
