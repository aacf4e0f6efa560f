"""The numbers that the assignment prints, and the right ones where it is wrong."""

import math

import pytest
import torch

from soloneuron import assignment_data, fit, train_neuron
from soloneuron.optimizers import AdagradNorm
from soloneuron.optimizers.catalogue import NINE

X = [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, 0.5], [0.0, 1.0]]
Y = [1, 0, 0, 0, 1]
START = {"initial_weights": [0.1, -0.2], "initial_bias": 0.0}

RUN_1 = (
    "0.7963 0.7179 0.66 0.614 0.5755 0.5422 0.5129 0.4868 0.4634 0.4424 0.4233 0.4059 0.39 0.3754 "
    "0.362 0.3497 0.3382 0.3276 0.3177 0.3085 0.2999 0.2918 0.2842 0.2771 0.2704 0.264 0.258 0.2524 "
    "0.247 0.2419 0.237 0.2324 0.228 0.2238 0.2197 0.2159 0.2122 0.2086 0.2052 0.202 0.1988 0.1958 "
    "0.1929 0.1901 0.1874 0.1848 0.1822 0.1798 0.1774 0.1751 0.1729 0.1708 0.1687 0.1667 0.1647 "
    "0.1628 0.1609 0.1591 0.1573 0.1556 0.154 0.1523 0.1508 0.1492 0.1477 0.1462 0.1448 0.1434 0.142 "
    "0.1407 0.1394 0.1381 0.1368 0.1356 0.1344 0.1332 0.1321 0.1309 0.1298 0.1287 0.1277 0.1266 "
    "0.1256 0.1246 0.1236 0.1226 0.1217 0.1207 0.1198 0.1189 0.118 0.1172 0.1163 0.1154 0.1146 0.1138 "
    "0.113 0.1122 0.1114 0.1107"
)
RUN_2 = (
    "0.2924 0.2818 0.272 0.2629 0.2545 0.2469 0.2398 0.2332 0.2272 0.2215 0.2163 0.2113 0.2066 0.2022 "
    "0.198 0.194 0.1901 0.1864 0.1828 0.1794 0.1761 0.1729 0.1698 0.1668 0.164 0.1612 0.1584 0.1558 "
    "0.1533 0.1508 0.1484 0.1461 0.1438 0.1417 0.1395 0.1375 0.1355 0.1335 0.1316 0.1298 0.128 0.1262 "
    "0.1245 0.1229 0.1213 0.1197 0.1182 0.1167 0.1153 0.1139 0.1125 0.1112 0.1099 0.1086 0.1073 "
    "0.1061 0.105 0.1038 0.1027 0.1016 0.1005 0.0994 0.0984 0.0974 0.0964 0.0955 0.0945 0.0936 0.0927 "
    "0.0918 0.091 0.0901 0.0893 0.0885 0.0877 0.0869 0.0862 0.0854 0.0847 0.084 0.0833 0.0826 0.0819 "
    "0.0812 0.0806 0.0799 0.0793 0.0787 0.0781 0.0775 0.0769 0.0763 0.0758 0.0752 0.0747 0.0741 "
    "0.0736 0.0731 0.0726 0.0721"
)
RUN_3 = (
    "0.071 0.0705 0.0701 0.0696 0.0692 0.0687 0.0683 0.0679 0.0674 0.067 0.0666 0.0662 0.0658 0.0654 "
    "0.065 0.0646 0.0642 0.0639 0.0635 0.0631 0.0628 0.0624 0.0621 0.0617 0.0614 0.0611 0.0607 0.0604 "
    "0.0601 0.0598 0.0594 0.0591 0.0588 0.0585 0.0582 0.0579 0.0576 0.0573 0.0571 0.0568 0.0565 "
    "0.0562 0.056 0.0557 0.0554 0.0552 0.0549 0.0546 0.0544 0.0541 0.0539 0.0536 0.0534 0.0531 0.0529 "
    "0.0527 0.0524 0.0522 0.052 0.0518 0.0515 0.0513 0.0511 0.0509 0.0507 0.0504 0.0502 0.05 0.0498 "
    "0.0496 0.0494 0.0492 0.049 0.0488 0.0486 0.0484 0.0482 0.048 0.0479 0.0477 0.0475 0.0473 0.0471 "
    "0.0469 0.0468 0.0466 0.0464 0.0462 0.0461 0.0459 0.0457 0.0455 0.0454 0.0452 0.0451 0.0449 "
    "0.0447 0.0446 0.0444 0.0443"
)


def printed(text):
    return [float(word) for word in text.split()]


def rounded(values):
    return [round(value, 4) for value in values.tolist()]


@pytest.fixture(scope="module")
def run_2():
    """Rate 0.05 with the exact gradient is the student's rate 0.1 without the factor 2."""
    settings = {"learning_rate": 0.05, "epochs": 100, "batch_size": 1}
    return fit(assignment_data(), initial=[0.1, -0.2, 0.0], loss="mse", **settings)


@pytest.fixture(scope="module")
def run_3(run_2):
    settings = {"learning_rate": 0.05, "epochs": 100, "reduction": "sum"}
    return fit(assignment_data(), initial=run_2.theta[-1], loss="mse", **settings)


def test_run_1_is_reproduced_to_four_decimals():
    weights, bias, losses = train_neuron(X, Y, **START, learning_rate=0.1, epochs=100, batch_size=1)
    assert (weights, bias) == ([-2.6127, 3.31], -1.471)
    assert losses == printed(RUN_1)


def test_run_2_is_reproduced_but_for_the_digit_the_students_fault_changed(run_2):
    assert rounded(run_2.theta[-1]) == [-1.0628, 1.4347, -0.6203]
    assert rounded(run_2.loss) == pytest.approx(printed(RUN_2), abs=1.01e-4)


def test_run_3_is_reproduced_but_for_the_digit_the_students_fault_changed(run_3):
    assert rounded(run_3.theta[-1]) == [-1.5745, 2.0118, -0.8696]
    assert rounded(run_3.loss) == pytest.approx(printed(RUN_3), abs=1.01e-4)


def test_the_other_digits_come_from_a_bias_gradient_taken_after_the_weights_moved():
    """The student's updates, their fault included, print every digit of runs 2 and 3."""

    def probability(w, b, x):
        return 1 / (1 + math.exp(-(w[0] * x[0] + w[1] * x[1] + b)))

    def moved(w, b, rows):
        """The weights step first; the factor p(1-p) of the bias then looks at the new weights."""
        errors = [probability(w, b, x) - y for x, y in rows]
        cost = sum(error**2 for error in errors)
        slopes = [p * (1 - p) for p in (probability(w, b, x) for x, _ in rows)]
        pulls = [error * slope for error, slope in zip(errors, slopes, strict=True)]
        if len(rows) == 1:
            w = [w[j] - 0.1 * pulls[0] * rows[0][0][j] for j in range(2)]
            p = probability(w, b, rows[0][0])
            return w, b - 0.1 * errors[0] * p * (1 - p), cost
        w = [
            w[j] - 0.1 * sum(pull * x[j] for pull, (x, _) in zip(pulls, rows, strict=True)) for j in range(2)
        ]
        return w, b - 0.1 * sum(pulls), cost

    rows = list(zip(X, Y, strict=True))
    w, b = [0.1, -0.2], 0.0
    for parts, losses, end in (
        ([[row] for row in rows], RUN_2, ([-1.0628, 1.4347], -0.6204)),
        ([rows], RUN_3, ([-1.5745, 2.0119], -0.8696)),
    ):
        replayed = []
        for _ in range(100):
            total = 0.0
            for part in parts:
                w, b, cost = moved(w, b, part)
                total += cost
            replayed.append(round(total / 5, 4))
        assert ([round(v, 4) for v in w], round(b, 4)) == end
        assert replayed == printed(losses)


EXAMPLE = {
    "features": [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]],
    "labels": [1, 0, 0],
    **START,
    "learning_rate": 0.1,
    "epochs": 2,
}
RIGHT_ANSWERS = [
    ({}, ([0.107, -0.0847], -0.0335, [0.8006, 0.7631])),
    ({"reduction": "sum"}, ([0.1032, 0.1184], -0.1015, [0.8006, 0.6967])),
    ({"batch_size": 1}, ([0.0786, 0.1057], -0.1113, [0.8409, 0.743])),
    ({"loss": "mse"}, ([0.1036, -0.1425], -0.0167, [0.3033, 0.2942])),
    ({"loss": "mse", "batch_size": 1}, ([0.1009, -0.0367], -0.0527, [0.3124, 0.2869])),
]


@pytest.mark.parametrize(("convention", "answer"), RIGHT_ANSWERS, ids=str)
def test_the_example_has_these_right_answers(convention, answer):
    assert train_neuron(**EXAMPLE, **convention) == answer


def test_the_printed_example_is_obtained_under_no_convention():
    printed_answer = ([0.0808, -0.1916], -0.0214, [0.2386, 0.2348])
    for loss in ("nll", "mse", "mae", "huber"):
        for batch_size in (None, 1, 2):
            for reduction in ("mean", "sum"):
                convention = {"loss": loss, "batch_size": batch_size, "reduction": reduction}
                assert train_neuron(**EXAMPLE, **convention) != printed_answer


def test_float32_gives_the_same_four_decimals_in_run_1():
    settings = {"learning_rate": 0.1, "epochs": 100, "batch_size": 1, "dtype": torch.float32}
    weights, bias, losses = train_neuron(X, Y, **START, **settings)
    assert ([round(w, 4) for w in weights], round(bias, 4)) == ([-2.6127, 3.31], -1.471)
    assert losses == printed(RUN_1)


def test_run_4_adagrad_with_one_accumulator_for_the_weights_and_one_for_the_bias():
    rule = AdagradNorm(epsilon=0.01)
    weights, bias, losses = train_neuron(
        X, Y, **START, learning_rate=1.0, epochs=50, optimizer=rule, reduction="sum"
    )
    assert (weights, bias) == ([-3.0611, 4.4113], -2.4234)
    exact = fit((X, Y), initial=[0.1, -0.2, 0.0], optimizer=rule, epochs=50, reduction="sum").loss
    printed = [round(5 * loss, 4) for loss in exact.tolist()]
    assert (printed[:3], printed[-1]) == ([3.8685, 2.383, 1.9772], 0.3449)
    assert losses == [round(loss, 4) for loss in exact.tolist()]


@pytest.mark.parametrize("name", NINE)
def test_each_of_the_nine_learns_the_data_of_the_assignment(name):
    rate = {"adadelta": 10.0, "adagrad": 1.0}.get(name, 0.1)
    history = fit((X, Y), optimizer=name, learning_rate=rate, epochs=200)
    assert history.accuracy[-1] == 1
    assert history.loss[-1] < history.loss[0] / 3


RUN_4 = {0: 3.8685, 1: 2.383, 2: 1.9772, 49: 0.3449}


def test_run_4_is_reproduced_to_four_decimals():
    """One accumulator for all weights, one for the bias; the printed losses are sums over the five points."""
    norm = {"optimizer": "adagrad_norm", "learning_rate": 1.0, "reduction": "sum", "epochs": 50}
    history = fit(assignment_data(), initial=[0.1, -0.2, 0.0], **norm)
    assert rounded(history.theta[-1]) == [-3.0611, 4.4113, -2.4234]
    losses = rounded(5 * history.loss)
    assert {epoch: losses[epoch] for epoch in RUN_4} == RUN_4
