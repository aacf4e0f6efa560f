"""The lists of scalar code with loops: what repetitions leave for later, and the numbers of the program."""

from __future__ import annotations

from soloneuron.compiler.backends.naming import Namer
from soloneuron.compiler.backends.scalar_lines import Token, tokens_of
from soloneuron.compiler.backends.scalar_loops import ListStream, Local, Loops
from soloneuron.compiler.backends.streams import ListPlace, NumberTable, slice_of

LEAST_TOGETHER = 4
"""So many values of a repetition are kept in one list."""


class ScalarLists:
    """Names the lists of one program.

    Args:
        loops: the lines, and the loops in them.
        namer: gives names.

    Attributes:
        tables: numbers that loops go through, by their names.
        together: the one list of a loop, by its number, if it keeps many values.
    """

    def __init__(self, loops: Loops, namer: Namer) -> None:
        self.loops, self.namer = loops, namer
        self.tables: dict[str, NumberTable] = {}
        self.together: dict[int, str] = {}
        self._by_table: dict[NumberTable, str] = {}
        self._lists: dict[tuple[int, int], str] = {}

    def keep(self, results: list[str]) -> None:
        """Note what loops compute and others read: its place in a list."""
        places, known, found = self.loops.places, self.loops.known, self.loops.found
        inside = [range(loop.stretch.start, loop.stretch.stop) for loop in found]
        outside = set(range(len(self.loops.lines) if found else 0)).difference(*inside)
        read: list[Token] = [token for i in outside for token in self.loops.lines[i].parts(known)[1]]
        for text in results if found else ():
            read += tokens_of(text, known)
        streamed: list[Token] = []
        for loop in found:
            read += loop.begins.values()
            for one in (one for reads in loop.reads for one in reads):
                if isinstance(one, ListStream):
                    streamed += one.tokens
                elif not isinstance(one, Local):
                    read.append(one)
        for tokens, last_too in ((read, False), (streamed, True)):
            for place in (places.get(token) for token in tokens if isinstance(token, str)):
                if place is None or isinstance(place.source, str):
                    continue
                loop = found[place.source]
                # What was computed last still has its name.
                if (last_too or place.index < loop.stretch.count - 1) and place.line not in loop.stored:
                    loop.stored.append(place.line)
        for number, loop in enumerate(found):
            if len(loop.stored) >= LEAST_TOGETHER:
                self.together[number] = self.namer.label("kept")

    def item(self, place: ListPlace) -> str:
        """One value of a list, as an expression."""
        name, each, offset = self.list_of(place)
        return f"{name}[{place.index * each + offset}]"

    def slice_at(self, first: ListPlace, step: int, count: int) -> str:
        """Some values of a list, as an expression."""
        name, each, offset = self.list_of(first)
        return slice_of(name, first.index * each + offset, step * each, count, self.length(first) * each)

    def list_of(self, place: ListPlace) -> tuple[str, int, int]:
        """A list, how many values a repetition has in it, and which of these is meant."""
        if isinstance(place.source, str):
            return place.source, 1, 0
        loop = self.loops.found[place.source]
        if place.source in self.together:
            return self.together[place.source], len(loop.stored), loop.stored.index(place.line)
        key = place.source, place.line
        if key not in self._lists:
            self._lists[key] = self.namer.label(f"{loop.lines[place.line].name}_all")
        return self._lists[key], 1, 0

    def length(self, place: ListPlace) -> int:
        """How many repetitions, or numbers of theta or a sample, a list has."""
        if isinstance(place.source, str):
            return len(self.loops.inputs if place.source == "sample" else self.loops.parameters)
        return self.loops.found[place.source].stretch.count

    def table(self, numbers: NumberTable) -> str:
        """The name of numbers that stand beside the text."""
        if numbers not in self._by_table:
            name = self._by_table[numbers] = self.namer.numbered("table")
            self.tables[name] = numbers
        return self._by_table[numbers]

    def indices(self, numbers: tuple[int, ...]) -> str:
        """Positions as an expression."""
        start, step = numbers[0], numbers[1] - numbers[0]
        if step and numbers == tuple(range(start, start + step * len(numbers), step)):
            return f"range({start}, {start + step * len(numbers)}{f', {step}' if step != 1 else ''})"
        return self.table(numbers)
