"""``soloneuron report``."""

from __future__ import annotations

import tempfile
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from soloneuron.cli.screen import Screen
from soloneuron.cli.study_options import REPORT
from soloneuron.data.files import read_dataset
from soloneuron.data.preparation import measure_scaling, standardize
from soloneuron.errors import InputError
from soloneuron.experiments.catalogue import EXPERIMENTS, ON_OWN_DATA
from soloneuron.figures.frame import plotly
from soloneuron.records.dataset import Dataset
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
    data = _own_data(options)
    names = options.only or list(EXPERIMENTS if data is None else ON_OWN_DATA)
    findings = _measure(screen, names, data)
    skipped = () if data is None else tuple(name for name in EXPERIMENTS if name not in names)
    page = make_page(findings, versions(), _command(options), options.lang, skipped=skipped)
    path = _write(options.output, page)
    size, spent = len(page.encode()) / 1e6, time.monotonic() - began
    screen.say(screen.word("report_done", path=path, size=size, seconds=spent), whole=True)
    return 0


def _own_data(options: Namespace) -> Dataset | None:
    """The rows of --data, standardized; None for the study's own."""
    if options.data is None:
        if options.label or options.drop:
            raise InputError("--label and --drop need --data FILE", code="report.data")
        return None
    if options.label is None:
        raise InputError("--label must name the column to predict beside --data", code="report.label")
    wrong = [name for name in options.only if name not in ON_OWN_DATA]
    if wrong:
        raise InputError(
            f"{wrong[0]} needs data of its own kind; on --data only {', '.join(ON_OWN_DATA)} can be asked",
            code="report.only",
        )
    data = read_dataset(options.data, label=options.label, drop=options.drop)
    if not 0 < float(data.labels.mean()) < 1:
        raise InputError(
            f"the label {options.label!r} must hold both classes, got one", code="report.classes"
        )
    return replace(data, features=standardize(data.features, measure_scaling(data)))


def _measure(screen: Screen, names: Sequence[str], data: Dataset | None) -> list[Findings]:
    """The experiments in turn, one line each."""
    findings = []
    chosen = [EXPERIMENTS.load(name) for name in names]
    for k, (name, experiment) in enumerate(zip(names, chosen, strict=True), 1):
        found = (experiment() if data is None else experiment(data=data)).run()
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
