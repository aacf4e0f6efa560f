"""Loops in scalar code: lines that come again and again, with what moves from one repetition to the next.

A stretch of lines is a loop if every name and number in it moves in step. There are four ways to do so:

- it stays what it is;
- it was computed in this repetition, or a fixed number of repetitions earlier: then it is carried along;
- it lies in theta, in a sample, or in a list that an earlier loop has left: then the loop goes through a
  slice of that, or gathers from it;
- it is a number of the program: then the loop goes through a table, which is data and no text.

So the text grows with the lines of one repetition and not with their count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import lcm

from soloneuron.compiler.backends.scalar_lines import ScalarLine, Token
from soloneuron.compiler.backends.streams import MOST_PIECES, ListPlace, pieces
from soloneuron.compiler.plan.repetition import LEAST_COUNT, RepeatedStretch, find_stretches

MOST_PERIODS = 64
"""So many equal stretches may be one repetition."""

_PEELED = sorted(product(range(5), range(4)), key=sum)
"""So many repetitions are written out before and behind a loop, if they differ from the others."""


@dataclass(frozen=True)
class Local:
    """What line ``line`` of the loop has computed, ``age`` computations ago."""

    line: int
    age: int


@dataclass(frozen=True)
class ListStream:
    """What the loop goes through: one token a repetition."""

    tokens: tuple[Token, ...]


@dataclass(frozen=True)
class Slot:
    """A place in the list of gradients, another one in every repetition."""

    stream: tuple[int, ...]


Read = Token | Local | ListStream


@dataclass(eq=False)
class ScalarLoop:
    """Lines ``start`` to ``stop``, as one repetition and what moves.

    Attributes:
        stretch: which lines.
        lines: those of the first repetition; their names are those of all.
        targets: where each line goes: a name, a Local, or a Slot.
        reads: for every line what stands in the places of its tokens.
        ages: how many earlier values of a line are carried along.
        begins: what a line has computed so many repetitions before the first.
        stored: the lines whose values somebody reads later.
    """

    stretch: RepeatedStretch
    lines: list[ScalarLine]
    targets: list[str | Local | Slot] = field(default_factory=list)
    reads: list[list[Read]] = field(default_factory=list)
    ages: dict[int, int] = field(default_factory=dict)
    begins: dict[tuple[int, int], Token] = field(default_factory=dict)
    stored: list[int] = field(default_factory=list)

    @property
    def moving(self) -> int:
        """How many lists it goes through."""
        reads = {read for line in self.reads for read in line if isinstance(read, ListStream)}
        return len(reads) + len({target for target in self.targets if isinstance(target, Slot)})


class Loops:
    """Finds the loops in the lines of one program.

    Args:
        lines: forward, then from ``border`` on backward.
        border: where the sweep back begins.
        parameters: the names of theta.
        inputs: the names of a sample.
        collected: the names of what is added up, with what each begins with.
        gradients: the names of the gradients of theta, by parameter.

    Attributes:
        found: the loops, in the order of the lines.
        known: every name that may move.
        places: what lies in a list.
        slots: where in theta the parameter of a gradient lies, by the name of the gradient.
        slotted: those names for which a list of gradients stands.
    """

    def __init__(
        self,
        lines: list[ScalarLine],
        border: int,
        parameters: list[str],
        inputs: list[str],
        collected: dict[str, float],
        gradients: dict[int, str],
    ) -> None:
        self.lines, self.border, self.collected = lines, border, collected
        self.parameters, self.inputs, self.gradients = parameters, inputs, gradients
        self.found: list[ScalarLoop] = []
        self.known = {*parameters, *inputs, *collected, *(line.name for line in lines)}
        self.places: dict[str, ListPlace] = {name: ListPlace("theta", i) for i, name in enumerate(parameters)}
        self.places |= {name: ListPlace("sample", i) for i, name in enumerate(inputs)}
        # Only theta's gradients lie in a list.
        self.slots = {name: i for i, name in gradients.items() if name in collected}
        self.slotted: set[str] = set()
        self._tokens: list[list[Token]] = []

    def find(self) -> None:
        """Find the loops of both sweeps."""
        keys = []
        for line in self.lines:
            fixed, tokens = line.parts(self.known)
            self._tokens.append(tokens)
            whole = line.adds and line.name in self.collected and line.name not in self.slots
            keys.append((line.name, *fixed) if whole else fixed)
        for start, stop in ((0, self.border), (self.border, len(self.lines))):
            for found in find_stretches(keys[start:stop]):
                stretch = RepeatedStretch(start + found.start, found.period, found.count)
                loop = self._loop(stretch)
                if loop is not None:
                    self._take(loop)
        self._tokens.clear()

    def shorten(self) -> bool:
        """Whether loops stand for at least half of what is to be computed; else straight lines are faster."""
        weights = [len(line.terms) + (not line.adds) for line in self.lines]
        saved = sum(
            sum(weights[loop.stretch.start + loop.stretch.period : loop.stretch.stop]) for loop in self.found
        )
        return 2 * saved >= sum(weights)

    def _loop(self, stretch: RepeatedStretch) -> ScalarLoop | None:
        """A stretch as a loop; None where it is none.

        Equal lines may be those of one repetition, as many as a network is wide: then several periods are
        one.
        """
        for several in range(1, min(MOST_PERIODS, stretch.count // LEAST_COUNT) + 1):
            loop = self._peeled(stretch, several)
            if loop is None:
                continue
            # What comes again after some repetitions stays what it is in a loop over as many.
            turns = lcm(*(_period(tokens) for tokens in self._gathered(loop)))
            longer = several * turns
            if turns > 1 and longer <= min(MOST_PERIODS, stretch.count // LEAST_COUNT):
                return self._peeled(stretch, longer) or loop
            return loop
        return None

    def _peeled(self, stretch: RepeatedStretch, several: int) -> ScalarLoop | None:
        """So many periods as one repetition; some at both ends are written out if they differ."""
        P, R = stretch.period * several, stretch.count // several
        steady = self._begun(RepeatedStretch(stretch.start + P * ((R - LEAST_COUNT) // 2), P, LEAST_COUNT))
        if not self._fits(steady):
            return None
        fitting = []
        for lead, trail in _PEELED:
            if R - lead - trail >= LEAST_COUNT:
                loop = self._begun(RepeatedStretch(stretch.start + lead * P, P, R - lead - trail))
                if self._fits(loop):
                    # Only what moves in the middle should move at the ends.
                    if loop.moving <= steady.moving:
                        return loop
                    fitting.append(loop)
        return min(fitting, key=lambda loop: loop.moving, default=None)

    def _gathered(self, loop: ScalarLoop) -> list[tuple[object, ...]]:
        """What a loop reads or adds to in places that lie in no even steps."""
        reads = {read.tokens for line in loop.reads for read in line if isinstance(read, ListStream)}
        slots = {target.stream for target in loop.targets if isinstance(target, Slot)}
        return [
            *(tokens for tokens in reads if {*tokens} & {*self.parameters} and not self._even(tokens)),
            *(stream for stream in slots if len({b - a for a, b in pairwise(stream)}) > 1),
        ]

    def _even(self, tokens: tuple[Token, ...]) -> bool:
        return len(pieces(tokens, self.places)) <= MOST_PIECES

    def _begun(self, stretch: RepeatedStretch) -> ScalarLoop:
        return ScalarLoop(stretch, self.lines[stretch.start : stretch.start + stretch.period])

    def _fits(self, loop: ScalarLoop) -> bool:
        """Find how everything in a loop moves; whether it does so in step."""
        start, P, R = loop.stretch.start, loop.stretch.period, loop.stretch.count
        inside = {line.name: i for i, line in enumerate(self.lines[start : start + P * R]) if not line.adds}
        for k in range(P):
            rows = self.lines[start + k : start + P * R : P]
            target = self._target([line.name for line in rows], inside, loop, k)
            if target is None:
                return False
            loop.targets.append(target)
            reads: list[Read] = []
            for column in zip(*self._tokens[start + k : start + P * R : P], strict=True):
                read = self._read(column, inside, loop, k)
                if read is None:
                    return False
                reads.append(read)
            loop.reads.append(reads)
        return True

    def _target(
        self, names: list[str], inside: dict[str, int], loop: ScalarLoop, k: int
    ) -> str | Local | Slot | None:
        if not loop.lines[k].adds:
            return Local(k, 0)
        if names[0] in inside:
            read = self._read(names, inside, loop, k)
            return read if isinstance(read, Local) and not read.age else None
        if names.count(names[0]) == len(names):
            return names[0]
        slots = tuple(self.slots.get(name, -1) for name in names)
        return Slot(slots) if min(slots) >= 0 else None

    def _read(self, tokens: Sequence[Token], inside: dict[str, int], loop: ScalarLoop, k: int) -> Read | None:
        last = tokens[-1]
        if last not in inside:
            if tokens.count(last) == len(tokens):
                return last
            if not inside.keys().isdisjoint(tokens):
                return None
            stream = ListStream(tuple(tokens))
            return stream if self._reachable(stream.tokens) else None
        # A name of this loop: the same line, as many repetitions ago in every one.
        P = loop.stretch.period
        then, j = divmod(inside[str(last)], P)
        ago = len(tokens) - 1 - then
        if [inside.get(str(token)) for token in tokens[ago:]] != list(
            range(j, j + P * (len(tokens) - ago), P)
        ):
            return None
        for t, token in enumerate(tokens[:ago]):
            if token in inside or loop.begins.setdefault((j, ago - t), token) != token:
                return None
        # Behind its line of this repetition a name stands for the new value.
        age = ago if k > j else ago - 1
        loop.ages[j] = max(loop.ages.get(j, 0), age)
        return Local(j, age)

    def _take(self, loop: ScalarLoop) -> None:
        P = loop.stretch.period
        for i, line in enumerate(self.lines[loop.stretch.start : loop.stretch.stop]):
            if not line.adds:
                self.places[line.name] = ListPlace(len(self.found), i // P, i % P)
        for target in loop.targets:
            if isinstance(target, Slot):
                self.slotted.update(self.gradients[i] for i in target.stream)
        self.found.append(loop)

    def _reachable(self, tokens: tuple[Token, ...]) -> bool:
        """Whether a list of tokens has an expression that is shorter than the list."""
        if set(map(type, tokens)) == {float}:
            return True
        places = [self.places.get(str(token)) for token in tokens]
        lists = {None if place is None else (place.source, place.line) for place in places}
        return (len(lists) == 1 and None not in lists) or len(pieces(tokens, self.places)) <= MOST_PIECES


def _period(tokens: Sequence[object]) -> int:
    """After how many a sequence comes again; more than are looked for where it does not."""
    for period in range(1, MOST_PERIODS + 1):
        if tokens[period:] == tokens[:-period]:
            return period
    return MOST_PERIODS + 1
