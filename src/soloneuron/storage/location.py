"""A location in somebody's file, and the sentence about what must stand there."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, TypeVar

import msgspec
import torch
from torch import Tensor

from soloneuron.errors import RecordError

T = TypeVar("T")

_NOTHING = object()
_WORDS = {
    "int": "a whole number",
    "float": "a finite number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "list": "a list",
    "dict": "an object",
}


@dataclass(frozen=True)
class Location:
    """A location in a file.

    Args:
        file: the file's name; empty for values that stand in none.
        path: such as ``history.theta[3]``; empty for the whole file.

    Example:
        >>> str(Location("r.json")["history"]["theta"][3])
        'history.theta[3] in r.json'
    """

    file: str = ""
    path: str = ""

    def __getitem__(self, step: str | int) -> Location:
        inner = f"{self.path}[{step}]" if isinstance(step, int) else f"{self.path}.{step}".removeprefix(".")
        return Location(self.file, inner)

    def __str__(self) -> str:
        return " in ".join(filter(None, (self.path, self.file)))

    def fault(self, must: str, came: Any = _NOTHING, *, code: str = "record.field") -> RecordError:
        """What it must, and what came; nothing of the sentence breaks a line."""
        got = "" if came is _NOTHING else f", got {_shown(came)[:60]}"
        whole = f"{self} must {must}{got}"
        printed = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in whole)
        return RecordError(printed, code=code, name=self.path)

    def must(self, holds: bool, sentence: str, came: Any = _NOTHING, *, code: str = "record.field") -> None:
        """Raise the fault unless it holds."""
        if not holds:
            raise self.fault(sentence, came, code=code)

    def field(self, kind: type[T], values: Mapping[str, Any], name: str) -> T:
        """A field of the object that stands here, read as a record."""
        self.must(name in values, f"have the field {name!r}", code="record.missing")
        return self[name].read(kind, values[name])

    def read(self, kind: type[T], value: Any) -> T:
        """A plain value as a record: a dataclass, a struct, or a type of plain values.

        Fields that the record does not have are left out.

        Raises:
            RecordError: with the location inside, and what must stand there.
        """
        try:
            return msgspec.convert(value, kind, dec_hook=_tensor)
        except msgspec.ValidationError as fault:
            said = str(fault)
        # The path inside a tensor stands before the path to it.
        sentence, *paths = said.split(" - at ")
        inside, root = self, value
        for name, index, any_key in re.findall(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])", "".join(reversed(paths))):
            step = _first_bad(kind, root, value, said) if any_key else name or int(index)
            lists = value["float32"] if isinstance(step, int) and isinstance(value, dict) else value
            inside, value = inside[step], lists[step]
        raise _worded(inside, sentence, value)


def located_values(value: Any, location: Location) -> Iterator[tuple[Location, Any]]:
    """All that is inside a record or plain values, with its location, but finite numbers with a fraction."""
    yield location, value
    items: Any = ()
    if is_dataclass(value):
        items = ((field.name, getattr(value, field.name)) for field in fields(value))
    elif isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    for step, inner in items:
        if type(inner) is not float or not math.isfinite(inner):
            yield from located_values(inner, location[step])


def _tensor(kind: type, values: Any) -> Tensor:
    """Lists in lists as a tensor; all must be as long as the first of their level, and hold numbers alone."""
    if kind is not Tensor:
        raise NotImplementedError(kind)
    single = isinstance(values, dict) and values.keys() == {"float32"}
    level = values = values["float32"] if single else values
    sizes: list[int] = []
    while isinstance(level, list):
        sizes.append(len(level))
        level = level[0] if level else None
    nested: Any = float
    for size in reversed(sizes):
        nested = Annotated[list[nested], msgspec.Meta(min_length=size, max_length=size)]
    try:
        numbers = msgspec.convert(values, nested if sizes else list)
    except msgspec.ValidationError as fault:
        # Only a ValueError is given the path to the tensor.
        raise ValueError(str(fault)) from None
    return torch.tensor(numbers, dtype=torch.float32 if single else torch.float64).reshape(sizes)


def _first_bad(kind: Any, root: Any, mapping: dict[str, Any], said: str) -> str:
    """The first key whose value has the fault, by halving: msgspec says ``[...]`` for any key."""
    items = list(mapping.items())
    good, bad = 0, len(items)
    while bad - good > 1:
        middle = (good + bad) // 2
        mapping.clear()
        mapping.update(items[:middle])
        try:
            msgspec.convert(root, kind, dec_hook=_tensor)
            same = False
        except msgspec.ValidationError as fault:
            same = str(fault) == said
        good, bad = (good, middle) if same else (middle, bad)
    mapping.clear()
    mapping.update(items[:bad])
    return items[good][0]


def _worded(location: Location, said: str, came: Any) -> RecordError:
    """What msgspec says, in our words."""
    missing, size = (
        re.search(ask, said) for ask in (r"missing required field `(\w+)`", r"of length (?:[<>]= )?(\d+)")
    )
    if missing is not None:
        return location.fault(f"have the field {missing[1]!r}", code="record.missing")
    if size is not None and isinstance(came, list):
        return location.fault(f"be a list of {size[1]}", f"a list of {len(came)}")
    expected = re.search(r"Expected `([^`]*)`([^,]*)", said)
    if expected is None:
        return location.fault("be a word that this soloneuron knows", came)
    parts = [part for part in expected[1].split(" | ") if part != "int" or "float" not in expected[1]]
    return location.fault("be " + " or ".join(_WORDS.get(part, part) for part in parts) + expected[2], came)


def _shown(came: Any) -> str:
    if isinstance(came, list | dict):
        return _WORDS[type(came).__name__]
    return "null" if came is None else str(came).lower() if isinstance(came, bool) else str(came)
