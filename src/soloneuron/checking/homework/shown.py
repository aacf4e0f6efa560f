"""Reports as plain data: one structure for JSON, CSV, JUnit and the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from soloneuron.checking.homework.files import FileReport
from soloneuron.checking.homework.places import said_place
from soloneuron.checking.homework.scores import Weights, score_of
from soloneuron.checking.records import Examination, PointResult, strict
from soloneuron.texts import text
from soloneuron.texts.phrases import said
from soloneuron.texts.plain import plain_line
from soloneuron.texts.translation import worded

STATES = {"holds": "holds", "counterexample": "counterexample", "not checked": "unchecked", "note": "note"}
"""The states of a point, and their keys in the texts."""


def report_data(
    reports: Sequence[FileReport], language: str, weights: Mapping[str, Weights] | None = None
) -> dict[str, Any]:
    """Everything that was found, as strict JSON data.

    Args:
        reports: of the files.
        language: of all sentences.
        weights: by task, where points are wanted.
    """
    data: dict[str, Any] = strict(
        {
            "format": 1,
            "exit_code": exit_code(reports),
            "files": [file_data(one, language, weights or {}) for one in reports],
        }
    )
    return data


def file_data(report: FileReport, language: str, weights: Mapping[str, Weights]) -> dict[str, Any]:
    """What was found in one file."""
    fault = report.refusal
    return {
        "file": plain_line(report.path),
        "exit_code": report.exit_code,
        "guards": list(report.guards),
        "refusal": None if fault is None else {"code": fault.code, "message": worded(fault, language)},
        "objects": [{**one.as_data(language), **_scored(one, weights)} for one in report.examinations],
    }


def exit_code(reports: Sequence[FileReport]) -> int:
    """1 where any has a counterexample, 2 where any could not be checked, else 0."""
    codes = {one.exit_code for one in reports}
    return 1 if 1 in codes else 2 if 2 in codes or not codes else 0


def columns(reports: Sequence[FileReport]) -> list[tuple[str, PointResult]]:
    """The points that any object was held against, with their tasks: the columns of a table."""
    found: dict[tuple[str, str], PointResult] = {}
    for report in reports:
        for one in report.examinations:
            for point in one.points:
                found.setdefault((one.description.task, point.id), point)
    order: dict[str, int] = {}
    for task, _ in found:
        order.setdefault(task, len(order))
    return sorted(((task, point) for (task, _), point in found.items()), key=lambda pair: order[pair[0]])


def table_rows(
    reports: Sequence[FileReport], language: str, weights: Mapping[str, Weights] | None = None
) -> list[list[str]]:
    """Heads, then a row for each object: what it is, and the state of each point.

    Args:
        reports: of the files.
        language: of the heads and states.
        weights: by task, where points are wanted.
    """
    points = columns(reports)
    several = len({task for task, _ in points}) > 1
    heads = [text(language, f"homework.{name}") for name in ("file", "found", "task", "verdict")]
    heads += [text(language, "homework.score")] * bool(weights)
    rows = [heads + [f"{task}.{point.id}" if several else point.id for task, point in points]]
    for report in reports:
        path = plain_line(report.path)
        if report.refusal is not None or not report.examinations:
            rows.append([path, "", "", _refused(report, language), *[""] * (len(rows[0]) - 4)])
        for one in report.examinations:
            found = {(one.description.task, point.id): point.state for point in one.points}
            score = score_of(weights, one) if weights else None
            rows.append(
                [
                    path,
                    plain_line(one.description.name),
                    text(language, f"homework.tasks.{one.description.task}"),
                    short_verdict(one, language),
                    *(["" if score is None else f"{score:g}"] * bool(weights)),
                    *(state_word(found.get((task, point.id)), language) for task, point in points),
                ]
            )
    return rows


def short_verdict(examination: Examination, language: str) -> str:
    """How it went, in a few words."""
    count = sum(point.fails for point in examination.points)
    if count:
        return text(language, "homework.with_counterexample", count=count)
    if examination.exit_code == 2:
        return text(language, "homework.unchecked")
    return text(language, "homework.no_counterexample", programs=examination.programs)


def state_word(state: str | None, language: str) -> str:
    """The state of a point in words; nothing where it was not asked."""
    return "" if state is None else text(language, f"homework.states.{STATES[state]}")


def guards_line(guards: Sequence[str], language: str) -> str:
    """Which guards were on."""
    if not guards:
        return text(language, "homework.no_guards")
    names = ", ".join(text(language, f"homework.guard.{name}") for name in guards)
    return text(language, "homework.guards", names=names)


def place_words(place: str, language: str) -> str:
    """A place in words of a language."""
    return (
        text(language, "homework.adapter") if place == "adapter" else str(said(language, said_place(place)))
    )


def defined_before(examination: Examination, language: str) -> str:
    """Where the object is defined beside its last place; nothing where it is not."""
    others = examination.description.extra.get("others", [])
    places = ", ".join(place_words(str(place), language) for place in others if place)
    return text(language, "homework.before", places=places) if places else ""


def _refused(report: FileReport, language: str) -> str:
    return (
        plain_line(worded(report.refusal, language))
        if report.refusal
        else text(language, "homework.unchecked")
    )


def _scored(examination: Examination, weights: Mapping[str, Weights]) -> dict[str, float | None]:
    return {"score": score_of(weights, examination)} if weights else {}
