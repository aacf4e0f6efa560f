"""Findings files: all that a study measured, so that its report can be made again without measuring."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from soloneuron.errors import RecordError
from soloneuron.records.findings import Cell, Chart, Findings, Grid, Series, Sheet
from soloneuron.records.run import RunRecord
from soloneuron.records.study import Study
from soloneuron.storage.files import read_json, write_json
from soloneuron.storage.runs import run_as_json, run_from_json
from soloneuron.storage.typed import plain, typed
from soloneuron.texts import LANGUAGES
from soloneuron.texts.phrases import Phrase

FORMAT = "soloneuron findings"
VERSION = 1

_KEY = re.compile(r"[a-z]+(\.[A-Za-z0-9_]+)+")


def save_study(study: Study, path: str | Path) -> None:
    """Write a findings file; rows that several runs learned from stand in it once.

    Args:
        study: what was measured; its runs are kept whole.
        path: where to; its folder must exist.

    Raises:
        InputError: the path cannot be written.
    """
    rows: dict[str, int] = {}

    def run(one: RunRecord) -> dict[str, Any]:
        record = run_as_json(one)
        data = json.dumps(record["data"])
        return {**record, "data": rows.setdefault(data, len(rows))}

    told = plain(study, {RunRecord: run})
    data = [json.loads(one) for one in rows]
    write_json(path, {"format": FORMAT, "version": VERSION, **told, "data": data})


def load_study(path: str | Path) -> Study:
    """Read a findings file; everything in it is checked, down to whether its sentences can be said.

    Args:
        path: a file written by ``save_study``, ``soloneuron report --save`` or ``soloneuron experiment -o``.

    Returns:
        The study, number by number as it was.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is not a findings file, or a place in it does not hold what it must; it is named.
    """
    record = read_json(path, format=FORMAT, version=VERSION, source="soloneuron report --save")
    special = {
        RunRecord: _run_reader(record.get("data"), path),
        Phrase: _phrase,
        Series: _series,
        Grid: _grid,
        Sheet: _sheet,
    }
    try:
        study: Study = typed(Study, record, f"{path}: study", special)
    except RecursionError:
        raise RecordError(f"{path} is nested without end", code="record.nested") from None
    names = [found.experiment for found in study.findings]
    _must(0 < len(names) == len(set(names)), f"{path}: study.findings must hold every experiment once")
    for name in study.own.skipped if study.own is not None else ():
        _sayable(Phrase(f"study.{name}.question"), f"{path}: study.own.skipped")
    for found in study.findings:
        where = f"{path}: the findings of {found.experiment!r}"
        for part in ("title", "question"):
            _sayable(Phrase(f"study.{found.experiment}.{part}"), where)
        for chart in found.charts:
            _chart(chart, found, where)
    return study


def _run_reader(rows: Any, path: str | Path) -> Callable[[Any, str], RunRecord]:
    """What reads a run whose rows stand elsewhere in the file."""
    if not isinstance(rows, list):
        raise RecordError(
            f"{path}: data must be a list of the rows that runs learned from", code="record.study"
        )

    def read(value: Any, where: str) -> RunRecord:
        place = value.get("data") if isinstance(value, dict) else None
        if type(place) is not int or not 0 <= place < len(rows):
            last = len(rows) - 1
            raise RecordError(
                f"{where}.data must be a place in the file's data, 0 to {last}, got {str(place)[:60]}",
                code="record.study",
            )
        return run_from_json({**value, "data": rows[place]}, where)

    return read


def _phrase(value: Any, where: str) -> Phrase:
    """A sentence, if it is one of ours and has all that its braces ask for."""
    if not isinstance(value, dict) or not isinstance(value.get("key"), str):
        raise RecordError(
            f"{where} must be a sentence with a key, got {str(value)[:60]}", code="record.field"
        )
    fields = value.get("fields")
    if not isinstance(fields, dict):
        raise RecordError(f"{where} must have the object 'fields'", code="record.missing")
    read = {name: typed(Cell, inner, f"{where}.{name}", {Phrase: _phrase}) for name, inner in fields.items()}
    phrase = Phrase(value["key"], read)
    _sayable(phrase, where)
    return phrase


def _sayable(phrase: Phrase, where: str) -> None:
    try:
        known = _KEY.fullmatch(phrase.key) is not None
        for language in LANGUAGES if known else ():
            phrase.say(language)
    except (LookupError, TypeError, ValueError, AttributeError, OSError):
        known = False
    _must(known, f"{where} must be a sentence that this soloneuron can say, got {phrase.key[:60]!r}")


def _series(value: Any, where: str) -> Series:
    line: Series = typed(Series, value, where, {Phrase: _phrase})
    _must(len(line.x) == len(line.y), f"{where} must have as many x as y")
    for part in (line.z, line.steps):
        _must(len(part) in (0, len(line.x)), f"{where} must have as many heights and steps as x, or none")
    _must(
        len(line.low) == len(line.high) and len(line.low) in (0, len(line.x)),
        f"{where} must have a band as long as the line, or none",
    )
    return line


def _grid(value: Any, where: str) -> Grid:
    grid: Grid = typed(Grid, value, where, {})
    even = len(grid.z) == len(grid.y) and all(len(row) == len(grid.x) for row in grid.z)
    _must(
        even and bool(grid.x) and bool(grid.y), f"{where}.z must have a row for each y, a height for each x"
    )
    return grid


def _sheet(value: Any, where: str) -> Sheet:
    sheet: Sheet = typed(Sheet, value, where, {Phrase: _phrase})
    even = all(len(row) == len(sheet.columns) for row in sheet.rows)
    _must(even and bool(sheet.columns), f"{where} must have as many cells in a row as columns")
    return sheet


def _chart(chart: Chart, found: Findings, where: str) -> None:
    missing = [name for name in chart.runs if name not in found.runs]
    _must(not missing, f"{where} must have the run {missing[:1]} that a chart draws")
    if chart.kind == "surfaces":
        _must(bool(chart.runs), f"{where} must name the runs whose surfaces are drawn")
        for run in (found.runs[name] for name in chart.runs):
            flat = run.data.features.shape[1] == 2 and run.history.theta.shape[-1] in (2, 3)
            _must(flat, f"{where} must have runs with two features where surfaces are drawn")
            _sayable(Phrase(f"losses.{run.settings.get('loss', 'nll')}.title"), where)
            rule = run.settings.get("optimizer")
            _sayable(Phrase(f"optimizers.{rule or 'adam'}.title"), where)
    if chart.kind in ("landscape", "relief"):
        _must(chart.grid is not None, f"{where} must have a grid for a landscape")
        paths = all(len(line.z) == len(line.steps) == len(line.x) for line in chart.series)
        _must(paths, f"{where} must have a height and a step for every place of a path")


def _must(holds: bool, sentence: str) -> None:
    if not holds:
        raise RecordError(sentence, code="record.study")
