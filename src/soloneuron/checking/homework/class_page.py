"""The reports of a class, or of one file, as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
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
    points = columns(reports)
    rows = [
        row
        for number, report in enumerate(reports)
        for row in _rows(number, report, points, language, weights)
    ]
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
            points=[{"task": task, "id": point.id, "title": point.title} for task, point in points],
            tasks=_spans([task for task, _ in points]),
            scored=bool(weights),
            rows=rows,
        )
    )


def _rows(
    number: int,
    report: FileReport,
    points: Sequence[tuple[str, PointResult]],
    language: str,
    weights: Mapping[str, Weights] | None,
) -> list[dict[str, Any]]:
    path = plain_line(report.path)
    rows = []
    for count, one in enumerate(report.examinations):
        own = {(one.description.task, point.id): point for point in one.points}
        row = _row(path, f"{number}-{count}", one, language)
        row["cells"] = [
            _cell(own.get((task, point.id)), f"{row['id']}-{task}-{point.id}", language)
            for task, point in points
        ]
        row["score"] = score_of(weights or {}, one)
        rows.append(row)
    if report.refusal is not None or not rows:
        said = worded(report.refusal, language) if report.refusal else state_word("not checked", language)
        rows.append(
            {"file": path, "refusal": plain_line(said), "cells": [], "id": f"{number}-r", "score": None}
        )
    return rows


def _row(path: str, key: str, one: Examination, language: str) -> dict[str, Any]:
    description = one.description
    return {
        "id": key,
        "file": path,
        "refusal": "",
        "name": plain_line(description.name),
        "place": place_words(description.place, language),
        "call": plain_line(description.call),
        "before": defined_before(one, language),
        "verdict": short_verdict(one, language),
        "code": one.exit_code,
    }


def _cell(point: PointResult | None, key: str, language: str) -> dict[str, Any]:
    """A cell of the table, with all that it opens."""
    if point is None:
        return {"state": "", "sign": "", "key": key, "word": "", "opens": False}
    data = point_data(point, language)
    cause = data["cause"]
    method = (cause or {}).get("method")
    return {
        **data,
        "key": key,
        "kind": STATES[point.state]
        + "-note" * (point.severity == "note" and point.state == "counterexample"),
        "sign": _SIGNS[point.state],
        "word": state_word(point.state, language),
        "opens": bool(data["counterexample"] or data["said"] or cause),
        "lines": _marked(method, (cause or {}).get("lines", [])) if method else [],
    }


def _marked(method: Mapping[str, Any], lines: Sequence[int]) -> list[dict[str, Any]]:
    """The lines of a method with their numbers, those of the cause marked."""
    return [
        {"number": number, "text": line, "marked": number in lines}
        for number, line in enumerate(str(method["text"]).splitlines(), method["line"])
    ]


def _spans(tasks: Sequence[str]) -> list[dict[str, Any]]:
    """Each task once, with how many columns it has."""
    spans: list[dict[str, Any]] = []
    for task in tasks:
        if spans and spans[-1]["task"] == task:
            spans[-1]["count"] += 1
        else:
            spans.append({"task": task, "count": 1})
    return spans
