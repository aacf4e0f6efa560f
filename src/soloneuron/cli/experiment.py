"""``soloneuron experiment``."""

from __future__ import annotations

import json
from argparse import Namespace

from soloneuron.cli.screen import Screen
from soloneuron.errors import InputError
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.records.findings import Sheet
from soloneuron.storage.files import jsonable
from soloneuron.texts import text
from soloneuron.texts.phrases import said


def run(options: Namespace) -> int:
    """List the experiments, or run one and tell its conclusions and tables."""
    screen = Screen(options.lang, quiet=options.json)
    if options.list:
        width = max(map(len, EXPERIMENTS))
        for name in EXPERIMENTS:
            screen.say(f"{name:{width}}  {text(options.lang, f'study.{name}.question')}")
        return 0
    if options.name is None:
        raise InputError("name an experiment, or see soloneuron experiment --list", code="experiment.name")
    found = EXPERIMENTS.load(options.name)().run()
    if options.json:
        told = [
            {"claim": verdict.claim, "holds": verdict.holds, "words": verdict.phrase.say(options.lang)}
            for verdict in found.verdicts
        ]
        record = {"experiment": found.experiment, "numbers": dict(found.numbers), "verdicts": told}
        print(json.dumps(jsonable(record), ensure_ascii=False, allow_nan=False))
        return 0
    screen.say(text(options.lang, f"study.{options.name}.question"), style="bold")
    for verdict in found.verdicts:
        screen.say(("+ " if verdict.holds else "- ") + verdict.phrase.say(options.lang))
    for sheet in found.sheets:
        _show(screen, sheet, options.lang)
    screen.say(screen.word("took", seconds=found.seconds), style="dim")
    return 0


def _show(screen: Screen, sheet: Sheet, language: str) -> None:
    """A table by rows: head, then each row as one line of name = value, which fits any width."""
    screen.say("")
    screen.say(sheet.title.say(language), style="cyan")
    heads = [str(said(language, column)) for column in sheet.columns]
    for row in sheet.rows:
        cells = [_short(said(language, cell)) for cell in row]
        words = [f"{head} {cell}".strip() for head, cell in zip(heads[1:], cells[1:], strict=True)]
        screen.say(f"  {cells[0]}: " + ", ".join(words))


def _short(cell: object) -> str:
    if cell is None:
        return "-"
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)
