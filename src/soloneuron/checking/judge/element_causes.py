"""The likely cause of a wrong autograd class: the planted fault that gives the same numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from soloneuron.checking.exchange import CheckAnswer, Description, Fault
from soloneuron.checking.judge.causes import one_of_two, said_cause
from soloneuron.checking.judge.comparing import same_numbers
from soloneuron.checking.judge.element_answers import first_wrong
from soloneuron.checking.judge.element_faults import ELEMENT_FAULTS, ElementFault, fault_pairs, faulty_answer
from soloneuron.checking.records import LikelyCause

ElementProgram = tuple[str, tuple[str, ...]]
Faults = tuple[ElementFault, ...]

CHECKED_OPERATIONS = {"+": "__add__", "*": "__mul__", "relu": "relu", "backward": "backward"}

SINGLE = ("addition", "multiplication", "relu")
"""Points of one operation alone."""


@dataclass(frozen=True)
class Explanation:
    """Faults that give the numbers of an object.

    Args:
        candidates: sets of faults; each explains all that the object answers, or as much as any does.
        whole: whether it is all.
    """

    candidates: tuple[Faults, ...] = ()
    whole: bool = False


def explain(answers: Mapping[ElementProgram, CheckAnswer], wrong: Sequence[ElementProgram]) -> Explanation:
    """The faults that give the same numbers as an object did.

    Args:
        answers: of the object, by program.
        wrong: the programs that it answers wrongly.
    """
    seen = [(program, answer) for program, answer in answers.items() if answer.fault is None]
    singles: list[Faults] = [(fault,) for fault in ELEMENT_FAULTS]
    if not wrong:
        return Explanation()
    whole = [faults for faults in singles if _agrees(faults, seen, wrong)]
    if not whole:
        whole = [faults for faults in fault_pairs() if _agrees(faults, seen, wrong)]
    if whole:
        return Explanation(tuple(whole), True)
    scored = [(_agreements(faults, seen, wrong), faults) for faults in singles]
    best = max(score for score, _ in scored)
    enough = max(1, (len(wrong) + 1) // 2)
    return Explanation(tuple(faults for score, faults in scored if score == best and best[0] >= enough))


def _same(faults: Faults, program: ElementProgram, answer: CheckAnswer) -> bool:
    predicted = faulty_answer(faults, *program)
    return predicted is not None and all(
        same_numbers(answer.values.get(name), value)
        for name, value in zip(program[1], predicted, strict=True)
    )


def _agrees(
    faults: Faults, seen: Iterable[tuple[ElementProgram, CheckAnswer]], wrong: Sequence[ElementProgram]
) -> bool:
    first = [one for one in seen if one[0] in wrong]
    return bool(first) and all(_same(faults, *one) for one in [*first, *seen])


def _agreements(
    faults: Faults, seen: Iterable[tuple[ElementProgram, CheckAnswer]], wrong: Sequence[ElementProgram]
) -> tuple[int, int]:
    same = [program for program, answer in seen if _same(faults, program, answer)]
    return sum(program in wrong for program in same), len(same)


def element_cause(
    description: Description,
    point: str,
    program: ElementProgram,
    answer: CheckAnswer,
    explanation: Explanation,
) -> LikelyCause | None:
    """The likely cause of one counterexample.

    Args:
        description: of the object, with the lines of its methods.
        point: the id of the point.
        program: the one that was answered wrongly.
        answer: what came.
        explanation: of all that the object answers.
    """
    if answer.fault is not None:
        return _of_fault(description, program[0], answer.fault)
    special = {
        "grown_graph": ("kept_between", ("backward",), r"visited|topo|seen"),
        "second_graph": ("kept_between", ("backward",), r"=\s*(\[\]|set\(\)|\{\})"),
        "operands_kept": ("operands_changed", ("__add__", "__mul__", "relu"), r"self\.\w+\s*[-+*/]?=(?!=)"),
    }
    matching = [
        faults for faults in explanation.candidates if explanation.whole or _same(faults, program, answer)
    ]
    ids = {fault.id for faults in matching for fault in faults}
    if answer.others and not (explanation.whole and "order" not in ids):
        return said_cause(description, "set_order", ("backward", "__init__"), r"\bset\(|\{")
    if not matching:
        if point in special:
            return said_cause(description, *special[point])
        return _of_value(description, point, program, answer)
    names: dict[str, ElementFault] = {}
    for faults in matching:
        telling = [one for one in faults if _same((one,), program, answer)] or faults
        names |= {one.id: one for one in telling if one.id not in names}
    first, *more = names.values()
    cause = said_cause(description, first.id, first.methods, first.pattern)
    if more:
        return one_of_two(cause, more[0].id, both=all(len(faults) > 1 for faults in matching))
    return cause


def _of_fault(description: Description, source: str, fault: Fault) -> LikelyCause | None:
    """By the exception: an operation that is not there, a class without hash, a loop without end."""
    if fault.kind in ("Timeout", "Died"):
        looped = "for _ in range" in source
        return said_cause(description, "every_path" if looped else "endless", ("backward",))
    if fault.kind == "RecursionError":
        return said_cause(description, "endless", (fault.function, "backward"))
    if "NoneType" in fault.message and "=" in fault.text and "unsupported operand" in fault.message:
        return said_cause(description, "none_gradient", ("__init__",), r"None")
    if "unhashable" in fault.message:
        return said_cause(description, "unhashable", ("__eq__",))
    missing = (
        fault.kind == "NotImplementedError"
        or "NoneType" in fault.message
        or "unsupported operand" in fault.message
    )
    name = next((sign for sign in CHECKED_OPERATIONS if sign in description.missing), "")
    if missing or name:
        used = name or next(
            (sign for sign in CHECKED_OPERATIONS if sign in source.partition("x = ")[2]), "backward"
        )
        return said_cause(description, "not_there", (CHECKED_OPERATIONS.get(used, used),), operation=used)
    return said_cause(
        description, "raises", (fault.function,), re.escape(fault.text) if fault.text else "", kind=fault.kind
    )


def _of_value(
    description: Description, point: str, program: ElementProgram, answer: CheckAnswer
) -> LikelyCause | None:
    """A value that is wrong on the way forward, or the derivative of a single operation."""
    source, reads = program
    place = first_wrong(answer.values, source, reads)
    sign = next((sign for sign in ("relu", "*", "+") if sign in source.partition("x = ")[2]), "+")
    if place is not None and reads[place].endswith(".data"):
        return said_cause(description, "forward", (CHECKED_OPERATIONS[sign],), operation=sign)
    if point in SINGLE:
        return said_cause(
            description,
            "derivative",
            (CHECKED_OPERATIONS[sign],),
            r"\.grad\w*\s*[+*-]?=(?!=)",
            operation=sign,
        )
    return None
