"""``soloneuron report``."""

from __future__ import annotations

import tempfile
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from soloneuron.cli.screen import Screen
from soloneuron.cli.study_options import REPORT
from soloneuron.data.files import read_dataset
from soloneuron.errors import InputError
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.experiments.own_data import own_data, refused
from soloneuron.experiments.rows import OwnData
from soloneuron.figures.frame import plotly
from soloneuron.records.findings import Findings
from soloneuron.report.page import make_page
from soloneuron.storage.files import check_writable, write_text
from soloneuron.texts import text
from soloneuron.texts.phrases import Phrase
from soloneuron.training.results import versions


def run(options: Namespace) -> int:
    """Measure everything, write the page, say where it is."""
    check_writable(options.output)
    plotly()
    screen = Screen(options.lang, quiet=options.quiet)
    began = time.monotonic()
    data = _own_data(options)
    skipped = {} if data is None else refused(data)
    names = options.only or [name for name in EXPERIMENTS if name not in skipped]
    _check(names, skipped)
    findings = _measure(screen, names, data)
    notes = () if data is None else data.notes
    page = make_page(findings, versions(), _command(options), options.lang, skipped=skipped, notes=notes)
    path = _write(options.output, page)
    size, spent = len(page.encode()) / 1e6, time.monotonic() - began
    screen.say(screen.word("report_done", path=path, size=size, seconds=spent), whole=True)
    return 0


def _own_data(options: Namespace) -> OwnData | None:
    """The rows of --data; None for the study's own."""
    if options.data is None:
        if options.label or options.drop:
            raise InputError("--label and --drop need --data FILE", code="report.data")
        return None
    if options.label is None:
        raise InputError("--label must name the column to predict beside --data", code="report.label")
    return own_data(read_dataset(options.data, label=options.label, drop=options.drop))


def _check(names: Sequence[str], skipped: Mapping[str, Phrase]) -> None:
    """A question of --only must be one that the rows can be asked."""
    for name in names:
        if name in skipped:
            raise InputError(
                f"{name} cannot be asked of these rows: {skipped[name].say('en')}", code="report.only"
            )


def _measure(screen: Screen, names: Sequence[str], data: OwnData | None) -> list[Findings]:
    """The experiments in turn, one line each."""
    findings = []
    chosen = [EXPERIMENTS.load(name) for name in names]
    for k, (name, experiment) in enumerate(zip(names, chosen, strict=True), 1):
        found = (experiment() if data is None else experiment.asked_of(data)).run()
        findings.append(found)
        title = text(screen.language, f"study.{name}.title")
        screen.say(f"{k:2}/{len(names)}  {found.seconds:5.1f} s  {title}")
    return findings


def _command(options: Namespace) -> str:
    only = f" --only {','.join(options.only)}" if options.only else ""
    if options.data is not None:
        drop = f" --drop {','.join(options.drop)}" if options.drop else ""
        only += f" --data {Path(options.data).name} --label {options.label}{drop}"
    return "soloneuron report" + only + (f" --lang {options.lang}" if options.lang != "en" else "")


def _write(path: str, page: str) -> str:
    """Write the page; where the disk says no after all the work, into the folder for passing files."""
    try:
        write_text(path, page)
    except InputError as fault:
        rescue = Path(tempfile.mkdtemp(prefix="soloneuron-")) / REPORT
        rescue.write_text(page, encoding="utf-8")
        raise InputError(f"{fault}; the report is kept as {rescue}", code="report.rescued") from None
    return path
