"""Planes through the space of theta: where a loss of many parameters can be looked at.

A plane is origin + x * first + y * second with two directions of length 1 at right angles, so distances in
it are distances in theta.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.shapes import Theta

Window = tuple[float, float, float, float]
"""Left, right, bottom, top."""


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane in the space of theta.

    Args:
        origin: the theta (k,) at x = y = 0.
        directions: (2, k), of length 1 and at right angles.

    Example:
        >>> plane = coordinate_plane(torch.tensor([1.0, 2.0, 3.0]), 0, 1)
        >>> plane.at(torch.tensor([5.0, 6.0])).tolist()
        [5.0, 6.0, 3.0]
    """

    origin: Theta
    directions: Tensor

    def at(self, points: Tensor) -> Theta:
        """The thetas (..., k) of points (..., 2)."""
        return self.origin + points @ self.directions

    def project(self, theta: Theta) -> Tensor:
        """The points (..., 2) of the plane that lie nearest to thetas (..., k)."""
        return (theta - self.origin) @ self.directions.mT


def coordinate_plane(theta: Theta, first: int, second: int) -> Plane:
    """The plane through theta along two of its own coordinates; its points are their values.

    Args:
        theta: (k,), what the other coordinates are held at.
        first: the coordinate that x is, from 0.
        second: the coordinate that y is.
    """
    directions = torch.eye(len(theta), dtype=theta.dtype)[[first, second]]
    return Plane(theta - theta @ directions.mT @ directions, directions)


def principal_plane(path: Theta, origin: Theta) -> tuple[Plane, float]:
    """The plane through a point that lies nearest to a path, in the sense of least squares.

    Formula: the two leading right singular vectors of path - origin, each turned so that its largest entry
    is positive.

    Args:
        path: (T, k) with T >= 2 and k >= 2.
        origin: (k,).

    Returns:
        The plane, and the share of the squared distances from the origin that lies in it, in [0, 1].
    """
    _, sizes, directions = torch.linalg.svd(path - origin, full_matrices=False)
    leading = directions[:2]
    largest = leading.gather(1, leading.abs().argmax(1, keepdim=True))
    whole = float(sizes.square().sum())
    share = float(sizes[:2].square().sum()) / whole if whole > 0 else 1.0
    return Plane(origin, leading * largest.sign()), share


def window_around(points: Tensor) -> Window:
    """A window with all points (T, 2) in it and a quarter of room on each side, never thinner than 1 : 4."""
    low, high = points.amin(0), points.amax(0)
    span = high - low
    half = (torch.maximum(span, span.amax() / 4) * 0.75).clamp(min=1e-3)
    middle = (low + high) / 2
    (left, bottom), (right, top) = (middle - half).tolist(), (middle + half).tolist()
    return left, right, bottom, top


_FARTHEST = 8.0
"""A square follows no point further away than this, or than the start."""


def square_window(start: Tensor, points: Tensor) -> Window:
    """A square with the origin, the starts (..., 2) and the points (..., 2) in it, as far as it follows.

    It has two fifths of its width to spare, and is never narrower than 2.8.
    """
    reach = max(_FARTHEST, float(start.abs().max()))
    shown = [start.reshape(-1, 2), points.reshape(-1, 2).clamp(-reach, reach), points.new_zeros(1, 2)]
    corners = torch.cat(shown)
    low, high = corners.amin(0), corners.amax(0)
    half = float((high - low).amax().clamp(min=2.0)) / 2 * 1.4
    x, y = ((low + high) / 2).tolist()
    return x - half, x + half, y - half, y + half


def height_grid(
    value: Callable[[Tensor], Tensor], window: Window, count: int
) -> tuple[Tensor, Tensor, Tensor]:
    """A function of two coordinates on a grid.

    Args:
        value: from points (..., 2) to heights (...).
        window: the edges.
        count: rows, and columns.

    Returns:
        x (count,), y (count,) and the heights (count, count), one row for each y.
    """
    left, right, bottom, top = window
    x = torch.linspace(left, right, count, dtype=torch.float64)
    y = torch.linspace(bottom, top, count, dtype=torch.float64)
    return x, y, value(torch.stack(torch.meshgrid(x, y, indexing="xy"), -1))
