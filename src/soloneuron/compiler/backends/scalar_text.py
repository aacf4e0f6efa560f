"""The text of scalar code: lines as they are, and loops over slices of lists."""

from __future__ import annotations

from collections.abc import Iterator

from soloneuron.compiler.backends.naming import Namer, literal
from soloneuron.compiler.backends.scalar_lines import ScalarLine, Token, substituted
from soloneuron.compiler.backends.scalar_lists import ScalarLists
from soloneuron.compiler.backends.scalar_loops import ListStream, Local, Loops, Read, ScalarLoop, Slot
from soloneuron.compiler.backends.streams import (
    MOST_PIECES,
    ListPlace,
    loop_heading,
    pieces,
)

MOST_PARAMETERS = 100
"""Of a longer theta only what is read by name is unpacked."""


MOST_BEGUN = 8
"""So many sums begin in one line."""


class ScalarText:
    """Writes the lines of one program.

    Args:
        loops: the lines, and the loops in them.
        namer: gives names.

    Attributes:
        lists: what repetitions leave for later, and the numbers of the program.
    """

    def __init__(self, loops: Loops, namer: Namer) -> None:
        self.loops, self.namer = loops, namer
        self._named: set[str] = set()
        self.lists = ScalarLists(loops, namer)

    def write(self, root: str, gradient: list[str], outputs: list[str]) -> tuple[list[str], int]:
        """The lines of the function, and how many of them compute something."""
        self.lists.keep([root, *gradient, *outputs])
        sweeps = [self._sweep(0, self.loops.border), self._sweep(self.loops.border, len(self.loops.lines))]
        results = [self._called(root), self._listed(gradient)]
        if outputs:
            results.append(self._listed(outputs))
        # Only now it is known which parameters somebody reads by name.
        text: list[str] = []
        count = 0
        for title, sweep, begins in zip(("# forward", "# backward"), sweeps, self._begins(), strict=True):
            lines = [*begins, *(line for part in sweep for line in self._final(part))]
            count += len(lines)
            text += [title, *lines]
        return [*self._unpacked(), *text, f"return {', '.join(results)}"], count

    def _sweep(self, start: int, stop: int) -> list[str | tuple[ScalarLoop, list[str], list[str]]]:
        parts: list[str | tuple[ScalarLoop, list[str], list[str]]] = []
        i = start
        for loop in [*self.loops.found, None]:
            end = loop.stretch.start if loop is not None else stop
            if not start <= end <= stop or (loop is not None and end == stop):
                continue
            parts += [self._plain(line) for line in self.loops.lines[i:end]]
            if loop is not None:
                parts.append((loop, *self._body(loop)))
                i = loop.stretch.stop
        return parts

    def _plain(self, line: ScalarLine) -> str:
        if not self.loops.found:
            self._named.update(self.loops.parameters)
            return str(line)
        _, tokens = line.parts(self.loops.known)
        name = self._called(line.name)
        return str(line.rebuilt(name, (self._ref(token) for token in tokens), self.loops.known))

    def _body(self, loop: ScalarLoop) -> tuple[list[str], list[str]]:
        """The lines before a loop with its first line, and the lines in it."""
        streams: dict[object, tuple[str, str]] = {}
        versions = {
            j: [loop.lines[j].name, *(self.namer.label(f"{loop.lines[j].name}_before") for _ in range(age))]
            for j, age in loop.ages.items()
        }

        def text_of(read: Read) -> Token:
            if isinstance(read, Local):
                return versions[read.line][read.age]
            return self._through(streams, read) if isinstance(read, ListStream) else self._ref(read)

        inside = []
        for k, (line, target, reads) in enumerate(zip(loop.lines, loop.targets, loop.reads, strict=True)):
            older = versions.get(k, [])
            if not line.adds:
                inside += [f"{older[age]} = {older[age - 1]}" for age in range(len(older) - 1, 0, -1)]
            name = target if isinstance(target, str) else line.name
            if isinstance(target, Slot):
                name = f"gradient[{self._through(streams, target)}]"
            elif isinstance(target, Local):
                name = loop.lines[target.line].name
            else:
                name = self._called(target)
            inside.append(str(line.rebuilt(name, map(text_of, reads), self.loops.known)))
        before = [
            f"{name} = {_text(self._ref(loop.begins.get((j, age + 1), 0.0)))}"
            for j, names in versions.items()
            for age, name in enumerate(names)
            if (j, age + 1) in loop.begins or age
        ]
        return [*before, *loop_heading(list(streams.values()), loop.stretch.count)], inside

    def _through(self, streams: dict[object, tuple[str, str]], read: ListStream | Slot) -> str:
        """The name that runs through a stream."""
        if read not in streams:
            if isinstance(read, Slot):
                spelled, hint = self.lists.indices(read.stream), "k"
            else:
                spelled = self._spelled(read.tokens)
                first = read.tokens[0]
                hint = f"{first}_t" if isinstance(first, str) else "number_t"
            streams[read] = self.namer.label(hint), spelled
        return streams[read][0]

    def _spelled(self, tokens: tuple[Token, ...]) -> str:
        """An expression for a list of tokens."""
        numbers = tuple(token for token in tokens if isinstance(token, float))
        if len(numbers) == len(tokens):
            return self.lists.table(numbers)
        found = pieces(tokens, self.loops.places)
        if len(found) <= MOST_PIECES:
            return self._joined(found)
        places = [self.loops.places[str(token)] for token in tokens]
        name, each, offset = self.lists.list_of(places[0])
        table = self.lists.table(tuple(place.index * each + offset for place in places))
        return f"map({name}.__getitem__, {table})"

    def _joined(self, found: list[tuple[ListPlace | Token, int, int]]) -> str:
        if len(found) == 1:
            first, step, count = found[0]
            if isinstance(first, ListPlace):
                return self.lists.slice_at(first, step, count)
            return f"[{_text(self._ref(first))}] * {count}"
        parts = []
        for first, step, count in found:
            if not isinstance(first, ListPlace):
                text = _text(self._ref(first))
                parts.append(text if count == 1 else f"*[{text}] * {count}")
            elif count == 1:
                parts.append(self.lists.item(first))
            else:
                parts.append(f"*{self.lists.slice_at(first, step, count)}")
        return f"[{', '.join(parts)}]"

    def _ref(self, token: Token) -> Token:
        return self._called(token) if isinstance(token, str) else token

    def _called(self, token: str) -> str:
        """What a name is called outside of the loop that computes it."""
        if token in self.loops.slotted:
            return f"gradient[{self.loops.slots[token]}]"
        place = self.loops.places.get(token)
        if place is None:
            return token
        if place.source == "theta":
            self._named.add(token)
        if isinstance(place.source, str):
            return token
        loop = self.loops.found[place.source]
        if place.index == loop.stretch.count - 1:
            return loop.lines[place.line].name
        return self.lists.item(place)

    def _listed(self, texts: list[str]) -> str:
        """A list of results."""
        if not self.loops.found:
            return f"[{', '.join(texts)}]"
        slots = [self.loops.slots.get(text, -1) if text in self.loops.slotted else -1 for text in texts]
        if slots == list(range(len(self.loops.parameters))):
            return "gradient"
        if max(slots, default=-1) < 0 and len(texts) <= MOST_PARAMETERS:
            return f"[{', '.join(substituted(text, self.loops.known, self._ref) for text in texts)}]"
        places = dict(self.loops.places) | {
            name: ListPlace("gradient", i)
            for name, i in self.loops.slots.items()
            if name in self.loops.slotted
        }
        plain = [
            text if text in self.loops.known else substituted(text, self.loops.known, self._ref)
            for text in texts
        ]
        return self._joined(pieces(plain, places))

    def _begins(self) -> tuple[list[str], list[str]]:
        """Where what is added up begins: in front of each sweep."""
        ahead = {line.name for line in self.loops.lines[: self.loops.border] if line.adds}
        sweeps: tuple[dict[float, list[str]], dict[float, list[str]]] = {}, {}
        for name, number in self.loops.collected.items():
            if name not in self.loops.slotted:
                sweeps[name not in ahead].setdefault(number, []).append(name)
        forward, backward = (
            [
                f"{' = '.join(some)} = {literal(number)}"
                for number, names in sweep.items()
                for some in _rows(names)
            ]
            for sweep in sweeps
        )
        if self.loops.slotted:
            backward.insert(0, f"gradient = [0.0] * {len(self.loops.parameters)}")
        return forward, backward

    def _final(self, part: str | tuple[ScalarLoop, list[str], list[str]]) -> Iterator[str]:
        if isinstance(part, str):
            yield part
            return
        loop, heading, inside = part
        number = self.loops.found.index(loop)
        together, names = self.lists.together.get(number), [loop.lines[k].name for k in loop.stored]
        lists = [self.lists.list_of(ListPlace(number, 0, k))[0] for k in loop.stored]
        yield from (f"{name} = []" for name in dict.fromkeys(lists))
        yield from heading
        yield from (f"    {line}" for line in inside)
        if together is not None:
            # One list for all of them: a call less for each, and as many values further on for the next turn.
            yield f"    {together} += {', '.join(names)}"
            return
        for name, kept in zip(lists, names, strict=True):
            yield f"    {name}.append({kept})"

    def _unpacked(self) -> Iterator[str]:
        if len(self.loops.parameters) <= MOST_PARAMETERS or not self.loops.found:
            yield f"[{', '.join(self.loops.parameters)}] = theta"
        else:
            for name in sorted(self._named, key=lambda name: self.loops.places[name].index):
                yield f"{name} = theta[{self.loops.places[name].index}]"
        if self.loops.inputs:
            yield f"[{', '.join(self.loops.inputs)}] = sample"


def _rows(names: list[str]) -> Iterator[list[str]]:
    """Names, as many as stand well in one line."""
    for start in range(0, len(names), MOST_BEGUN):
        yield names[start : start + MOST_BEGUN]


def _text(token: Token) -> str:
    return token if isinstance(token, str) else literal(token)
