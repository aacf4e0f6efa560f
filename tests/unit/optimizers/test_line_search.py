"""The line search where the cubic says nothing."""

import torch

from soloneuron.optimizers.lbfgs import LBFGS


def test_a_straight_slope_is_searched_without_a_division_by_zero():
    rule, theta = LBFGS(iterations=1), torch.tensor([4.0, 1.0], dtype=torch.float64)
    state = rule.start(theta)

    def slope(point):
        return 3 * point[0] - point[1], torch.tensor([3.0, -1.0], dtype=torch.float64)

    before = slope(theta)[0].item()
    for _ in range(3):
        rule.update(theta, slope, state)
    assert theta.isfinite().all()
    assert slope(theta)[0].item() < before
