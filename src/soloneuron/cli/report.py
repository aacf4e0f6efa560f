"""``soloneuron report``."""

from __future__ import annotations

import tempfile
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from soloneuron.cli.screen import Screen
from soloneuron.cli.study_options import REPORT
from soloneuron.errors import InputError
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.figures.frame import plotly
from soloneuron.records.findings import Findings
from soloneuron.report.page import make_page
from soloneuron.storage.files import check_writable, write_text
from soloneuron.texts import text
from soloneuron.training.results import versions


def run(options: Namespace) -> int:
    """Measure everything, write the page, say where it is."""
    check_writable(options.output)
    plotly()
    screen = Screen(options.lang, quiet=options.quiet)
    began = time.monotonic()
    findings = _measure(screen, options.only or list(EXPERIMENTS))
    page = make_page(findings, versions(), _command(options), options.lang)
    path = _write(options.output, page)
    size, spent = len(page.encode()) / 1e6, time.monotonic() - began
    screen.say(screen.word("report_done", path=path, size=size, seconds=spent), whole=True)
    return 0


def _measure(screen: Screen, names: Sequence[str]) -> list[Findings]:
    """The experiments in turn, one line each."""
    findings = []
    chosen = [EXPERIMENTS.load(name) for name in names]
    for k, (name, experiment) in enumerate(zip(names, chosen, strict=True), 1):
        found = experiment().run()
        findings.append(found)
        title = text(screen.language, f"study.{name}.title")
        screen.say(f"{k:2}/{len(names)}  {found.seconds:5.1f} s  {title}")
    return findings


def _command(options: Namespace) -> str:
    only = f" --only {','.join(options.only)}" if options.only else ""
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
