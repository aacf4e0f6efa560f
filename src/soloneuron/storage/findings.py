"""Findings files: all that a study measured, so that its report can be made again without measuring."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from soloneuron.records.findings import Chart, Findings, Series
from soloneuron.records.run import RunRecord
from soloneuron.records.study import Study
from soloneuron.storage.codec import FINDINGS, as_json, file_body, file_bytes, read_file, write_file
from soloneuron.storage.location import Location, located_values
from soloneuron.storage.runs import run_from_json
from soloneuron.texts import LANGUAGES
from soloneuron.texts.phrases import Phrase

_KEY = re.compile(r"[a-z]+(\.[A-Za-z0-9_]+)+")

_RATED = re.compile(r"study\.saddle\.(how|winner_[a-z]+|plain_[a-z]+)")

SADDLE_RATE = 0.01
"""At which all methods left the saddle before its sentences said so."""

_OLD_SHORT = re.compile(r"playground\.short\.([a-z_]+)")


def save_study(study: Study, path: str | Path) -> None:
    """Write a findings file; rows that several runs learned from stand in it once.

    Args:
        study: what was measured; its runs are kept whole.
        path: where to; its folder must exist.

    Raises:
        InputError: the path cannot be written, or the file would be too large.
    """
    write_file(path, FINDINGS, _body(study))


def study_bytes(study: Study) -> bytes:
    """What stands in a findings file."""
    return file_bytes(FINDINGS, _body(study))


def _body(study: Study) -> dict[str, Any]:
    rows: dict[bytes, int] = {}
    body: dict[str, Any] = as_json(study)
    for run in (run for found in body["findings"] for run in found["runs"].values()):
        run["data"] = rows.setdefault(msgspec.json.encode(run["data"]), len(rows))
    return {**body, "data": [msgspec.json.decode(data) for data in rows]}


def load_study(path: str | Path) -> Study:
    """Read a findings file; everything in it is checked, down to whether its sentences can be said.

    Args:
        path: a file written by ``save_study``, ``soloneuron report --save`` or ``soloneuron experiment -o``.

    Returns:
        The study, number by number as it was.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is not a findings file, it was damaged, or a location does not hold what it must.
    """
    return _study(*read_file(path, FINDINGS), Location(str(path)))


def study_from_bytes(content: bytes, path: str | Path) -> Study:
    """The study that stands in so many bytes of a file.

    Raises:
        RecordError: as ``load_study``.
    """
    return _study(*file_body(content, str(path), FINDINGS), Location(str(path)))


def _study(version: int, body: dict[str, Any], file: Location) -> Study:
    rows = file.field(list[Any], body, "data")
    plain = file.field(list[dict[str, Any]], body, "findings")
    # Runs are read by their own codec.
    apart = [found.pop("runs", {}) for found in plain]
    if version == 1:
        plain = _renamed(plain)
    study = file.read(Study, {**body, "findings": _completed(plain)})
    names = [found.experiment for found in study.findings]
    file["findings"].must(0 < len(names) == len(set(names)), "hold every experiment once", " ".join(names))
    whole = []
    for i, (found, runs) in enumerate(zip(study.findings, apart, strict=True)):
        location = file["findings"][i]
        read = {
            name: _run(run, rows, location["runs"][name], version)
            for name, run in location["runs"].read(dict[str, Any], runs).items()
        }
        whole.append(replace(found, runs=read))
        _check_findings(whole[-1], location)
    _check_phrases(study, file)
    return replace(study, findings=tuple(whole))


def _renamed(plain: Any) -> Any:
    """The same with the keys of sentences that had other names in format 1."""
    if isinstance(plain, dict):
        return {name: _renamed(value) for name, value in plain.items()}
    if isinstance(plain, list):
        return [_renamed(value) for value in plain]
    old = _OLD_SHORT.fullmatch(plain) if isinstance(plain, str) else None
    return plain if old is None else f"optimizers.{old[1]}.short"


def _completed(plain: Any) -> Any:
    """The same with the rate in the saddle's sentences, which did not say it at first: it was always this."""
    if isinstance(plain, list):
        return [_completed(value) for value in plain]
    if not isinstance(plain, dict):
        return plain
    plain = {name: _completed(value) for name, value in plain.items()}
    said = _RATED.fullmatch(str(plain.get("key")))
    if said is not None and isinstance(plain.get("fields"), dict):
        rate = {"rates": f"{SADDLE_RATE:g}"} if said[1] == "how" else {"rate": SADDLE_RATE}
        plain["fields"] = {**rate, **plain["fields"]}
    return plain


def _run(plain: Any, rows: list[Any], location: Location, version: int) -> RunRecord:
    """A run whose rows stand elsewhere in the file."""
    row = location.read(dict[str, Any], plain).get("data")
    if type(row) is not int or not 0 <= row < len(rows):
        raise location["data"].fault(f"be a location in the file's data, 0 to {len(rows) - 1}", row)
    return run_from_json({**plain, "data": rows[row]}, location, version=version)


def _check_phrases(study: Study, file: Location) -> None:
    """Every sentence of the study, and those that its page asks for, can be said in both languages."""
    for i, found in enumerate(study.findings):
        for part in ("title", "question"):
            _check_phrase(Phrase(f"study.{found.experiment}.{part}"), file["findings"][i]["experiment"])
    for name in () if study.own is None else study.own.skipped:
        _check_phrase(Phrase(f"study.{name}.question"), file["own"]["skipped"][name])
    for location, value in located_values(study, file):
        if isinstance(value, Phrase):
            _check_phrase(value, location)


def _check_phrase(phrase: Phrase, location: Location) -> None:
    try:
        known = _KEY.fullmatch(phrase.key) is not None
        for language in LANGUAGES if known else ():
            phrase.say(language)
    except (LookupError, TypeError, ValueError, AttributeError, OSError):
        known = False
    location.must(known, "be a sentence that this soloneuron can say", phrase.key, code="record.study")


def _check_findings(found: Findings, location: Location) -> None:
    for i, sheet in enumerate(found.sheets):
        cells, inside = len(sheet.columns), location["sheets"][i]
        inside["columns"].must(cells > 0, "hold one column at least")
        for j, row in enumerate(sheet.rows):
            inside["rows"][j].must(len(row) == cells, f"hold {cells} cells, one a column", len(row))
    for i, chart in enumerate(found.charts):
        inside = location["charts"][i]
        _check_chart(chart, inside)
        for j, name in enumerate(chart.runs):
            inside["runs"][j].must(name in found.runs, "be one of the runs", name)
            if chart.kind == "surfaces":
                _check_surface(found.runs[name], location["runs"][name])


def _check_chart(chart: Chart, location: Location) -> None:
    grid, mapped = chart.grid, chart.kind in ("landscape", "relief")
    location["runs"].must(
        chart.kind != "surfaces" or len(chart.runs) > 0, "name the runs whose surfaces are drawn"
    )
    location["grid"].must(grid is not None or not mapped, "be the heights of a landscape", grid)
    if grid is not None:
        even = len(grid.z) == len(grid.y) > 0 and all(len(row) == len(grid.x) > 0 for row in grid.z)
        location["grid"]["z"].must(even, "have a row for each y, a height for each x")
    for i, line in enumerate(chart.series):
        _check_series(line, location["series"][i], mapped=mapped)


def _check_series(line: Series, location: Location, *, mapped: bool) -> None:
    """As many heights as positions; a band and a path are as long, or there is none."""
    for name in ("y", "z", "steps", "low", "high"):
        count, asked = len(getattr(line, name)), name == "y" or (mapped and name in ("z", "steps"))
        asked = asked or (name == "high" and len(line.low) > 0)
        fits = count == len(line.x) or (count == 0 and not asked)
        location[name].must(fits, f"be as long as x, {len(line.x)}", count)


def _check_surface(run: RunRecord, location: Location) -> None:
    flat = run.data.features.shape[1] == 2 and run.history.theta.shape[-1] in (2, 3)
    location.must(flat, "have two features, for its surface is drawn")
    _check_phrase(Phrase(f"losses.{run.recipe.loss.name}.title"), location["recipe"]["loss"])
    _check_phrase(Phrase(f"optimizers.{run.recipe.optimizer.name}.title"), location["recipe"]["optimizer"])
