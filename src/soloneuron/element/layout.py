"""Where the nodes of a graph go in a picture: columns from operands to results, few crossings.

The steps of Sugiyama: every node gets a column right of its operands; an edge over several columns gets a
waypoint in each of them; the order inside a column follows the mean place of the neighbors, sweep by sweep,
and the best order seen is kept; then every item moves as near to its neighbors as its own column allows.

Source: Sugiyama, Tagawa and Toda, IEEE Transactions on Systems, Man and Cybernetics 11 (1981). We count
crossings to keep the best sweep, and place heights by a mean of two one-sided passes.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 8
Item = int
Heights = dict[Item, float]


@dataclass(frozen=True)
class Layout:
    """Places of nodes, which are numbered from 0, operands before results.

    Args:
        columns: the column of every node.
        heights: its height in units of one node, the highest at 0.
        routes: for every edge, in the order given, the (column, height) points from operand to result.
    """

    columns: tuple[int, ...]
    heights: tuple[float, ...]
    routes: tuple[tuple[tuple[int, float], ...], ...]


def arrange(count: int, edges: Sequence[tuple[int, int]]) -> Layout:
    """Place the nodes of a graph.

    Args:
        count: how many nodes there are.
        edges: pairs (operand, result) of their numbers; an operand's number is the smaller one.

    Returns:
        The places.
    """
    column = _columns(count, edges)
    paths = _with_waypoints(column, count, edges)
    layers: list[list[Item]] = [[] for _ in range(max(column) + 1)]
    for item, place in enumerate(column):
        layers[place].append(item)
    before: dict[Item, list[Item]] = {item: [] for item in range(len(column))}
    after: dict[Item, list[Item]] = {item: [] for item in range(len(column))}
    for path in paths:
        for left, right in pairwise(path):
            before[right].append(left)
            after[left].append(right)
    layers = _ordered(layers, before, after)
    heights = _heights(layers, before, after)
    return Layout(
        tuple(column[:count]),
        tuple(heights[item] for item in range(count)),
        tuple(tuple((column[item], heights[item]) for item in path) for path in paths),
    )


def _columns(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """One more than the furthest operand; a leaf stands just before its first use."""
    column = [0] * count
    for operand, result in sorted(edges, key=lambda edge: edge[1]):
        column[result] = max(column[result], column[operand] + 1)
    results = {result for _, result in edges}
    for leaf in set(range(count)) - results:
        column[leaf] = min((column[b] - 1 for a, b in edges if a == leaf), default=0)
    return column


def _with_waypoints(column: list[int], count: int, edges: Sequence[tuple[int, int]]) -> list[list[Item]]:
    """The items that every edge passes; waypoints are appended to the columns, edges of one operand share."""
    waypoint: dict[tuple[int, int], Item] = {}
    paths = []
    for operand, result in edges:
        path = [operand]
        for place in range(column[operand] + 1, column[result]):
            if (operand, place) not in waypoint:
                waypoint[operand, place] = len(column)
                column.append(place)
            path.append(waypoint[operand, place])
        paths.append([*path, result])
    assert len(column) == count + len(waypoint)
    return paths


def _ordered(
    layers: list[list[Item]], before: dict[Item, list[Item]], after: dict[Item, list[Item]]
) -> list[list[Item]]:
    best, fewest = layers, _crossings(layers, after)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        neighbors = before if forward else after
        layers = [list(layer) for layer in layers]
        indices = range(1, len(layers)) if forward else range(len(layers) - 2, -1, -1)
        for index in indices:
            place = {item: i for i, item in enumerate(layers[index - 1 if forward else index + 1])}
            layers[index].sort(key=_mean_of(neighbors, place, layers[index]))
        crossings = _crossings(layers, after)
        if crossings < fewest:
            best, fewest = layers, crossings
    return best


def _mean_of(
    neighbors: dict[Item, list[Item]], place: dict[Item, int], layer: list[Item]
) -> Callable[[Item], float]:
    own = {item: float(i) for i, item in enumerate(layer)}

    def mean(item: Item) -> float:
        places = [place[other] for other in neighbors[item]]
        return sum(places) / len(places) if places else own[item]

    return mean


def _crossings(layers: list[list[Item]], after: dict[Item, list[Item]]) -> int:
    """How many pairs of edges cross: inversions of their right ends, read from the top left."""
    crossings = 0
    for left, right in pairwise(layers):
        place = {item: i for i, item in enumerate(right)}
        ends: list[int] = []
        for item in left:
            mine = [place[other] for other in after[item]]
            crossings += sum(len(ends) - bisect_right(ends, end) for end in mine)
            for end in mine:
                insort(ends, end)
    return crossings


def _heights(
    layers: list[list[Item]], before: dict[Item, list[Item]], after: dict[Item, list[Item]]
) -> Heights:
    height = {item: float(i) for layer in layers for i, item in enumerate(layer)}
    for sweep in range(SWEEPS):
        neighbors = before if sweep % 2 == 0 else after
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wishes = [
                sum(height[other] for other in neighbors[item]) / len(neighbors[item])
                if neighbors[item]
                else height[item]
                for item in layer
            ]
            height.update(zip(layer, _spaced(wishes), strict=True))
    top = min(height.values())
    return {item: value - top for item, value in height.items()}


def _spaced(wishes: list[float]) -> list[float]:
    """Heights at least 1 apart and near the wishes: the mean of pushing all down and pushing all up."""
    down = [wishes[0]]
    for wish in wishes[1:]:
        down.append(max(wish, down[-1] + 1))
    up = [wishes[-1]]
    for wish in reversed(wishes[:-1]):
        up.append(min(wish, up[-1] - 1))
    return [(a + b) / 2 for a, b in zip(down, reversed(up), strict=True)]
