"""Task 1 of the assignment as test cases to be read."""

import unittest

from soloneuron import InputError, train_neuron

FEATURES = [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, 0.5], [0.0, 1.0]]
LABELS = [1, 0, 0, 0, 1]


class TestTrainNeuron(unittest.TestCase):
    def test_the_assignments_run(self):
        weights, bias, losses = train_neuron(FEATURES, LABELS, [0.1, -0.2], 0.0, 0.1, 100, batch_size=1)
        self.assertEqual(weights, [-2.6127, 3.31])
        self.assertEqual(bias, -1.471)
        self.assertEqual((losses[0], losses[-1]), (0.7963, 0.1107))

    def test_one_step_by_hand(self):
        # z = 0, so p = 0.5; the error p - y is -0.5; w = 0 + 0.1 * 0.5 * x, b = 0.1 * 0.5; the loss is ln 2
        weights, bias, losses = train_neuron([[2.0]], [1], [0.0], 0.0, 0.1, 1)
        self.assertEqual((weights, bias, losses), ([0.1], 0.05, [0.6931]))

    def test_no_epochs_return_the_start(self):
        self.assertEqual(train_neuron(FEATURES, LABELS, [0.1, -0.2], 0.3, 0.1, 0), ([0.1, -0.2], 0.3, []))

    def test_the_callers_lists_are_not_changed(self):
        features, labels, start = [[1, 2], [3, 4]], [0, 1], [0.5, 0.5]
        train_neuron(features, labels, start, 0, 0.1, 5)
        self.assertEqual((features, labels, start), ([[1, 2], [3, 4]], [0, 1], [0.5, 0.5]))

    def test_a_very_wrong_start_costs_much_but_never_infinitely(self):
        _, _, losses = train_neuron([[1.0]], [1], [-1000.0], 0.0, 0.1, 1)
        self.assertEqual(losses, [1000.0])

    def test_keywords_of_the_assignment(self):
        result = train_neuron(
            features=FEATURES,
            labels=LABELS,
            initial_weights=[0.1, -0.2],
            initial_bias=0.0,
            learning_rate=0.1,
            epochs=3,
        )
        self.assertEqual(len(result[2]), 3)

    def test_bad_input_is_one_sentence(self):
        with self.assertRaisesRegex(InputError, "learning_rate must be finite and > 0, got -1"):
            train_neuron(FEATURES, LABELS, [0.1, -0.2], 0.0, -1, 3)
        with self.assertRaisesRegex(InputError, "labels must be as many"):
            train_neuron(FEATURES, [1], [0.1, -0.2], 0.0, 0.1, 3)


if __name__ == "__main__":
    unittest.main()
