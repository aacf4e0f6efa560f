"""A notebook to begin with: the task, empty functions, tests that fail until they are filled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from soloneuron.errors import UnknownNameError
from soloneuron.texts import text

STARTERS = ("neuron", "element", "optimizer")

MARK = "# %%"
"""Begins a cell in a skeleton; ``# %% [key]`` a cell of words."""


def starter_notebook(task: str, language: str) -> str:
    r"""The text of an .ipynb file, in nbformat 4.5; the same bytes every time.

    Args:
        task: one of ``STARTERS``.
        language: of its words, "en" or "ru".

    Raises:
        UnknownNameError: no such task.

    Example:
        >>> import json
        >>> cells = json.loads(starter_notebook("neuron", "en"))["cells"]
        >>> cells[0]["source"][0]
        '# A neuron with a sigmoid\n'
        >>> cells[-1]["source"][-1]
        'check(train_neuron)'
    """
    if task not in STARTERS:
        raise UnknownNameError("task", task, STARTERS)
    skeleton = resources.files(__package__).joinpath("skeletons", f"{task}.txt").read_text(encoding="utf-8")
    cells = [
        {"id": f"cell-{number:02}", **cell} for number, cell in enumerate(_cells(task, skeleton, language), 1)
    ]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _cells(task: str, skeleton: str, language: str) -> Iterator[dict[str, Any]]:
    """The cells of a skeleton: words by their key, code as it stands with its comments by theirs."""
    for part in skeleton.split(MARK)[1:]:
        head, _, body = part.partition("\n")
        key = head.strip(" []")
        if key:
            yield {"cell_type": "markdown", "metadata": {}, "source": _lines(_say(task, key, language))}
        else:
            yield {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": _lines(_commented(task, body.strip("\n"), language)),
            }


def _commented(task: str, code: str, language: str) -> str:
    """Code whose ``# [key]`` became a sentence."""
    lines = []
    for line in code.split("\n"):
        indent, mark, key = line.partition("# [")
        lines.append(f"{indent}# {_say(task, key.rstrip(']'), language)}" if mark else line)
    return "\n".join(lines)


def _say(task: str, key: str, language: str) -> str:
    return text(language, f"notebook.{task}.{key}")


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)
