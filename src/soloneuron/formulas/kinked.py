"""The minimum of a parabola and of sizes that cost: Newton's step where a penalty has kinks at 0."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.formulas.newton import scaled_hessian
from soloneuron.shapes import Gradient, Theta

TRIES = 3
"""So often in a row all that is wrong may change sides without there being less of it."""

FACES_PER_COLUMN = 20
"""Faces a coordinate that a descent visits at most; some in all is usual."""

SLACK = 2.0**-44
"""So much of what a number was added up from is rounding."""


def kinked_minimum(hessian: Tensor, slope: Gradient, theta: Theta, cost: Tensor) -> tuple[Tensor, Tensor]:
    """The z that minimizes slope . (z - theta) + (z - theta) . H (z - theta) / 2 + sum cost |z|.

    Formula: let P be the coordinates that are not 0, with signs s. There H_PP z_P = (H theta - slope)_P -
    cost_P s_P, elsewhere |H (theta - z) - slope| <= cost. Whatever contradicts a guess of P and s changes
    sides, all of it at once; where that goes in circles, a descent from theta goes from face to face.

    Numerics: coordinates are scaled and held by a ridge as in ``newton_direction``. What is 0 is exactly so.

    Args:
        hessian: symmetric (k, k), positive semidefinite.
        slope: of the smooth part at theta, (k,).
        theta: (k,).
        cost: of the size of each, (k,), >= 0; where it is 0 there is no kink.

    Returns:
        z (k,) in float64, and Cholesky's verdict, a tensor () that is not 0 where H bends downwards; then z
        is theta.

    Example:
        >>> H, zero = torch.eye(2), torch.zeros(2)
        >>> kinked_minimum(H, torch.tensor([-3.0, 0.5]), zero, torch.ones(2))[0].round(decimals=9).tolist()
        [2.0, 0.0]

    Source: Kim and Park, Fast active-set-type algorithms for L1-regularized linear regression, AISTATS
    (2010), for the guesses; Lee, Battle, Raina and Ng, Efficient sparse coding algorithms, NIPS (2006), for
    the descent.
    """
    scaled, root = scaled_hessian(hessian)
    _, failed = torch.linalg.cholesky_ex(scaled)
    start = theta.double() / root
    face = _Faces(scaled, scaled @ start - root * slope, root * cost)
    if failed or not bool(face.aim.isfinite().all()):
        return theta.double(), failed
    found = face.guessed(start)
    return (face.descended(start) if found is None else found) * root, failed


class _Faces:
    """The parabola z . H z / 2 - aim . z with the cost of sizes, and the faces on which it is smooth.

    Args:
        H: positive definite (k, k).
        aim: (k,).
        cost: (k,), >= 0.
    """

    def __init__(self, H: Tensor, aim: Tensor, cost: Tensor) -> None:
        self.H, self.aim, self.cost = H, aim, cost
        self._free = cost == 0

    def guessed(self, start: Tensor) -> Tensor | None:
        """The minimum by guesses of the signs, or None where they do not get better."""
        pull, slack = self._pull(start)
        sign = torch.where(start != 0, start.sign(), pull.sign() * (pull.abs() > self.cost + slack))
        least, tries = len(sign) + 1, TRIES
        while tries:
            held = self._free | (sign != 0)
            z = self._face_minimum(sign, held)
            pull, slack = self._pull(z)
            wrong = torch.where(held, ~self._free & (z * sign < -slack), pull.abs() > self.cost + slack)
            count = int(wrong.sum())
            if not count:
                return z
            least, tries = (count, TRIES) if count < least else (least, tries - 1)
            sign = torch.where(wrong, torch.where(held, 0.0, pull.sign()), sign)
        return None

    def descended(self, z: Tensor) -> Tensor:
        """The minimum by going down from z, face by face: to the next kink, or on to the steepest side."""
        sign, added = z.sign(), -1
        for _ in range(FACES_PER_COLUMN * len(z)):
            aim = self._face_minimum(sign, self._free | (sign != 0))
            crossing = ~self._free & (sign != 0) & (aim * sign < 0)
            if bool(crossing.any()):
                shares = torch.where(crossing, z / (z - aim), torch.inf)
                share, first = shares.min(0)
                if int(first) == added and share == 0:
                    # By rounding alone it was thought to lead down.
                    return z
                z = z + share * (aim - z)
                z[first] = sign[first] = 0.0
                continue
            z = aim
            pull, slack = self._pull(z)
            above = torch.where(self._free | (sign != 0), -torch.inf, pull.abs() - self.cost - slack)
            added = int(above.argmax())
            if above[added] <= 0:
                return z
            sign[added] = pull[added].sign()
        return z

    def _pull(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """The slope down at z without the sizes, and how much of it is rounding."""
        return self.aim - self.H @ z, SLACK * (self.H.abs() @ z.abs() + self.aim.abs() + self.cost)

    def _face_minimum(self, sign: Tensor, held: Tensor) -> Tensor:
        """The minimum on a face: H_PP z_P = (aim - cost sign)_P, and 0 outside P."""
        z = torch.zeros_like(self.aim)
        places = held.nonzero()[:, 0]
        factor, _ = torch.linalg.cholesky_ex(self.H[places][:, places])
        aim = (self.aim - self.cost * sign)[places]
        z[places] = torch.cholesky_solve(aim[:, None], factor)[:, 0]
        return z
