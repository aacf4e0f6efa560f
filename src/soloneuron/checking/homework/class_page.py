"""The reports of a class, or of one file, as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from soloneuron.checking.homework.files import FileReport
from soloneuron.checking.homework.scores import Weights, score_of
from soloneuron.checking.homework.shown import (
    STATES,
    columns,
    defined_before,
    guards_line,
    place_words,
    short_verdict,
    state_word,
)
from soloneuron.checking.records import Examination, PointResult, point_data
from soloneuron.checking.showing import code_of
from soloneuron.texts.plain import plain_line
from soloneuron.texts.translation import worded
from soloneuron.view.rendering import templates

_PACKAGE = "soloneuron.checking.homework"

_SIGNS = {"holds": "✓", "counterexample": "✗", "not checked": "–", "note": "i"}
"""What stands in a cell, beside its color."""


def class_page(
    reports: Sequence[FileReport], language: str, weights: Mapping[str, Weights] | None = None
) -> str:
    """A row for each object, a column for each point; a cell opens its counterexample.

    Args:
        reports: of the files.
        language: of all words.
        weights: by task, where points are wanted.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    codes = [report.exit_code for report in reports]
    guards = next((report.guards for report in reports if report.guards), ())
    return (
        templates(_PACKAGE, language)
        .get_template("class.html.j2")
        .render(
            style=(resources.files(_PACKAGE) / "class.css").read_text(encoding="utf-8"),
            guards=guards_line(guards, language),
            counts={
                "files": len(codes),
                "clean": codes.count(0),
                "failed": codes.count(1),
                "unchecked": codes.count(2),
            },
            tables=_tables(reports, language, weights or {}),
        )
    )


def _tables(
    reports: Sequence[FileReport], language: str, weights: Mapping[str, Weights]
) -> list[dict[str, Any]]:
    """A table for each task; what could not be checked stands in the only one, or in one of its own."""
    points = columns(reports)
    tasks = list(dict.fromkeys(task for task, _ in points))
    paths = _short_paths(reports)
    tables = []
    for task in tasks or [""]:
        of_task = [point for known, point in points if known == task]
        rows = []
        for number, report in enumerate(reports):
            for count, one in enumerate(report.examinations):
                if one.description.task == task:
                    rows.append(_row(paths[number], f"{number}-{count}", one, of_task, language, weights))
            if len(tasks) < 2 and (report.refusal is not None or not report.examinations):
                rows.append(_refused_row(paths[number], report, language))
        heads = [{"id": point.id, "title": point.title} for point in of_task]
        tables.append({"task": task, "points": heads, "rows": rows, "scored": task in weights})
    refused = [
        _refused_row(path, report, language)
        for path, report in zip(paths, reports, strict=True)
        if report.refusal is not None or not report.examinations
    ]
    if len(tasks) > 1 and refused:
        tables.append({"task": "", "points": [], "rows": refused, "scored": False})
    return tables


def _short_paths(reports: Sequence[FileReport]) -> list[str]:
    """The paths without the folders that all of them are in."""
    parts = [Path(report.path).parts for report in reports]
    common = 0
    while len(parts) > 1 and all(len(one) > common + 1 and one[common] == parts[0][common] for one in parts):
        common += 1
    return [plain_line(Path(*one[common:]).as_posix()) for one in parts]


def _refused_row(path: str, report: FileReport, language: str) -> dict[str, Any]:
    said = worded(report.refusal, language) if report.refusal else state_word("not checked", language)
    return {"file": path, "refusal": plain_line(said), "cells": []}


def _row(
    path: str,
    key: str,
    one: Examination,
    points: Sequence[PointResult],
    language: str,
    weights: Mapping[str, Weights],
) -> dict[str, Any]:
    description = one.description
    own = {point.id: point for point in one.points}
    return {
        "file": path,
        "refusal": "",
        "name": plain_line(description.name),
        "place": place_words(description.place, language),
        "call": plain_line(description.call),
        "before": defined_before(one, language),
        "verdict": short_verdict(one, language),
        "code": one.exit_code,
        "score": score_of(weights, one),
        "cells": [_cell(own.get(point.id), f"{key}-{point.id}", language) for point in points],
    }


def _cell(point: PointResult | None, key: str, language: str) -> dict[str, Any]:
    """A cell of the table, with all that it opens."""
    if point is None:
        return {"state": "", "sign": "", "key": key, "word": "", "opens": False}
    data = point_data(point, language)
    return {
        **data,
        "key": key,
        "kind": STATES[point.state]
        + "-note" * (point.severity == "note" and point.state == "counterexample"),
        "sign": _SIGNS[point.state],
        "word": state_word(point.state, language),
        "opens": bool(data["counterexample"] or data["said"] or data["cause"]),
        "lines": code_of(point.cause) if point.cause is not None else [],
    }
