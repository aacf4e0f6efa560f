"""The code of a body: TypeScript, stage by stage."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from soloneuron.webmath.body import VECTORS, Body, LoopStage
from soloneuron.webmath.expression import printed


def body_code(body: Body, ends: Mapping[str, str]) -> Iterator[str]:
    """The code of a body.

    Args:
        body: the lines.
        ends: what the last loop writes: arrays, and the letters whose latest values they get.
    """
    writer = _Writer(body)
    for stage in body.stages[:-1]:
        yield from writer.stage(stage, {})
    ended = {array: body.last[letter] for array, letter in ends.items() if letter in body.last}
    yield from writer.stage(body.stages[-1], ended)
    yield from (f"{name}[0] = {body.last[name]};" for name in body.totals if name in body.last)


def scratch(body: Body) -> list[str]:
    """The arrays that a body needs between its loops."""
    return [f"all{name}" for name in sorted(_spread(body))]


def _spread(body: Body) -> set[str]:
    """What is kept in an array."""
    return body.crossing() | {name for stage in body.stages for name, _ in stage.lengths}


class _Writer:
    def __init__(self, body: Body) -> None:
        self._body, self._spread = body, _spread(body)

    def stage(self, stage: LoopStage, ends: Mapping[str, str]) -> Iterator[str]:
        """The code of one stage; ends are arrays and what its loop writes to them."""
        own = {name for name, _ in stage.lines}
        for name, of in stage.lengths:
            yield f"norm({f'all{of}' if of in self._spread else of}, all{name}, weights);"
        for name, tree in stage.numbers:
            yield f"const {name} = {self._text(tree, set())};"
        yield from (f"let {name} = 0;" for name, _, _ in stage.sums)
        inside = []
        for name, tree in stage.lines:
            inside.append(f"const {name} = {self._text(tree, own)};")
            inside += [f"all{name}[i] = {name};"] * (name in self._spread)
        for name, _, factors in stage.sums:
            inside.append(f"{name} += {' * '.join(self._text(factor, own) for factor in factors)};")
        inside += [f"{array}[i] = {self._word(name, own)};" for array, name in ends.items()]
        if inside:
            yield "for (let i = 0; i < width; i++) {"
            yield from (f"  {line}" for line in inside)
            yield "}"
        yield from (f"{name} = Math.sqrt({name});" for name, function, _ in stage.sums if function == "norm")

    def _text(self, tree: ast.expr, own: set[str]) -> str:
        return printed(tree, lambda name: self._word(name, own))

    def _word(self, name: str, own: set[str]) -> str:
        """A name as one coordinate reads it; own are those of its loop."""
        body = self._body
        if name in self._spread and name not in own:
            return f"all{name}[i]!"
        if name in body.totals:
            return f"{name}[0]!"
        return f"{name}[i]!" if name in (*VECTORS, *body.slots) else name
