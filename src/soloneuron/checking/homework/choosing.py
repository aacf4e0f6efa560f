"""Which objects of a homework are checked, or why none can be."""

from __future__ import annotations

from collections.abc import Sequence

from soloneuron.checking.cells import ADAPTER, Trouble
from soloneuron.checking.exchange import CHECKED_TASKS
from soloneuron.checking.homework.places import said_place
from soloneuron.checking.homework.refusals import refusal
from soloneuron.checking.session import Contents, Found
from soloneuron.errors import InputError
from soloneuron.texts.phrases import Phrase

MOST_NAMES = 8
"""So many names are told."""

_OUTSIDE = (
    ("syntax", ("SyntaxError", "IndentationError", "TabError")),
    ("data_files", ("FileNotFoundError", "PermissionError", "IsADirectoryError")),
    ("asks", ("EOFError",)),
    ("gpu", ("CUDA", "cuda", "NVIDIA")),
    ("undefined", ("NameError", "ImportError", "ModuleNotFoundError")),
)
"""Reasons, and the exceptions or words of exceptions by which they are known."""


def choose_objects(
    contents: Contents, path: str, *, task: str | None, name: str | None
) -> tuple[list[Found], InputError | None]:
    """What is checked of a homework: one class, one trainer, and every optimizer.

    Args:
        contents: what it holds.
        path: of the file, for the sentences.
        task: only this one.
        name: only the object of this name.

    Returns:
        The objects, and why there are not more: nothing can be checked, or several fit equally well.
    """
    found = _adapted(contents.found)
    if not found:
        return [], _why_nothing(contents, path, task, name)
    chosen: list[Found] = []
    unclear: list[str] = []
    for one in CHECKED_TASKS:
        fitting = [candidate for candidate in found if candidate.description.task == one]
        best = [candidate for candidate in fitting if candidate.fit == max(each.fit for each in fitting)]
        if one != "optimizer" and len(best) > 1:
            unclear += [candidate.description.name for candidate in best]
        else:
            chosen += best if one != "optimizer" else fitting
    if not unclear:
        return chosen, None
    return chosen, refusal("several", path=path, names=", ".join(unclear), last=unclear[-1])


def outside_reason(path: str, messages: Sequence[str]) -> InputError | None:
    """Why code fails that is not at fault: it needs a file, a person or a device.

    Args:
        path: of the file.
        messages: of all exceptions, each with its kind.
    """
    for reason, words in _OUTSIDE[1:4]:
        if messages and all(any(word in message for word in words) for message in messages):
            return refusal(reason, path=path, trouble=messages[0], more="")
    return None


def _adapted(found: Sequence[Found]) -> list[Found]:
    """Without what an adapter stands for."""
    tasks = {one.description.task for one in found if _is_adapter(one)}
    return [one for one in found if _is_adapter(one) or one.description.task not in tasks]


def _is_adapter(found: Found) -> bool:
    """Whether it was written for the check: in its own place, or by its name."""
    description = found.description
    return description.place == ADAPTER or description.name == f"check_{description.task}"


def _why_nothing(contents: Contents, path: str, task: str | None, name: str | None) -> InputError:
    """The most likely reason."""
    if contents.ended:
        return refusal(contents.ended.lower(), path=path)
    for reason, words in _OUTSIDE:
        those = [one for one in contents.troubles if _is_of(one, words)]
        if those:
            more = Phrase("homework.more", {"count": len(those) - 1}) if len(those) > 1 else ""
            return refusal(reason, path=path, trouble=_worded(those[0]), more=more)
    if contents.missing:
        return refusal("missing", path=path, names=", ".join(contents.missing[:MOST_NAMES]))
    if name is not None:
        return refusal("no_name", path=path, name=name)
    wanted = Phrase(f"homework.wanted.{task or 'any'}")
    if contents.names:
        return refusal("others", path=path, wanted=wanted, names=", ".join(contents.names[:MOST_NAMES]))
    return refusal("nothing", path=path, wanted=wanted)


def _is_of(trouble: Trouble, words: Sequence[str]) -> bool:
    return trouble.kind in words or ("CUDA" in words and any(word in trouble.message for word in words))


def _worded(trouble: Trouble) -> Phrase:
    key = "trouble" if trouble.place else "trouble_of_line"
    fields = {"place": said_place(trouble.place), "line": trouble.line, "kind": trouble.kind}
    return Phrase(f"homework.{key}", {**fields, "message": trouble.message})
