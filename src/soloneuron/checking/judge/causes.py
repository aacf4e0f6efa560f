"""A likely cause as it is said: its sentence, and the lines of the student's method that stand out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from soloneuron.checking.exchange import Description, Fault, Method
from soloneuron.checking.judge.results import PointList, fault_example
from soloneuron.checking.records import LikelyCause
from soloneuron.texts.phrases import Phrase


def said_cause(
    description: Description, id: str, methods: Iterable[str] = (), pattern: str = "", **fields: Any
) -> LikelyCause:
    """A cause with the first of some methods whose lines stand out.

    Args:
        description: of the object.
        id: its sentence is ``checking.causes.ID``.
        methods: our names of methods to look at.
        pattern: a regular expression of the lines that stand out; where none does, the first method is shown.
        fields: of the sentence.
    """
    if id == "raises" and fields.get("kind") == "Died":
        id = "ends_process"
    # The patterns are in our words: a gradient may be called otherwise.
    own = re.escape(description.spellings.get("grad", "grad"))
    pattern = pattern.replace(r"\.grad\w*", rf"\.{own}\w*").replace(r"\.grad", rf"\.{own}")
    found = [method for name in methods for method in methods_named(description, name)]
    for method in found:
        lines = standing_out(method, pattern)
        if lines:
            return LikelyCause(id, Phrase(f"checking.causes.{id}", fields), method, lines)
    return LikelyCause(id, Phrase(f"checking.causes.{id}", fields), found[0] if found else None)


def one_of_two(first: LikelyCause, other: str, *, both: bool = False) -> LikelyCause:
    """A cause that another explains as well, with the lines of the first; or one that does beside it.

    Args:
        first: the one that comes first.
        other: the other's sentence is ``checking.causes.OTHER``.
        both: whether neither explains without the other.
    """
    fields = {"one": Phrase(f"checking.causes.{first.id}"), "other": Phrase(f"checking.causes.{other}")}
    key = "checking.causes_both" if both else "checking.causes_either"
    return LikelyCause(f"{first.id}|{other}", Phrase(key, fields), first.method, first.lines)


def methods_named(description: Description, name: str) -> list[Method]:
    """The methods of the student under one of our names."""
    spelled = description.spellings
    own = {spelled.get(name, name), spelled.get({"__add__": "+", "__mul__": "*"}.get(name, name), name)}
    return [
        method for method in description.methods if method.name in {one.removesuffix("()") for one in own}
    ]


def standing_out(method: Method, pattern: str) -> tuple[int, ...]:
    r"""The numbers of the lines of a method that match a pattern.

    Example:
        >>> standing_out(Method("f", 7, "def f():\n    self.grad = 1"), r"grad = ")
        (8,)
    """
    if not pattern:
        return ()
    lines = enumerate(method.text.splitlines(), method.line)
    return tuple(number for number, line in lines if re.search(pattern, line.partition("#")[0]))


def not_callable(
    points: PointList, id: str, description: Description, fault: Fault, program: str, want: str = ""
) -> None:
    """The first point of a task, where what is checked cannot be called at all.

    Args:
        points: of the object; it gets the point.
        id: of the point.
        description: of the object.
        fault: how the call ended.
        program: the call, as it is shown.
        want: what it should have given.
    """
    causes = {"Timeout": "endless", "NotImplementedError": "not_there"}
    fields = {"kind": fault.kind, "operation": description.name}
    cause = said_cause(description, causes.get(fault.kind, "raises"), (fault.function,), **fields)
    points.fails(id, fault_example(program, fault, want), cause)
