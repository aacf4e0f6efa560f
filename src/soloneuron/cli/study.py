"""What the commands of the study share: asking, telling, keeping what was measured."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from soloneuron.cli.columns import column_words
from soloneuron.cli.kinds import RUN_KIND
from soloneuron.cli.outputs import Output
from soloneuron.cli.reading import read_rows
from soloneuron.cli.screen import Screen
from soloneuron.cli.train_screen import show_classes
from soloneuron.data.files.sources import fingerprint
from soloneuron.experiments.base import Experiment
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.experiments.own_data import own_data, refused
from soloneuron.experiments.own_rows import OwnData
from soloneuron.experiments.study import asking_order, run_study, study_workers
from soloneuron.records.findings import Findings
from soloneuron.records.run import Source
from soloneuron.records.spellings import with_value
from soloneuron.records.study import OwnRows, Study
from soloneuron.storage.findings import save_study
from soloneuron.storage.runs import write_run
from soloneuron.texts import text
from soloneuron.texts.phrases import said
from soloneuron.texts.plain import file_name
from soloneuron.texts.shell import shell_line
from soloneuron.training.results import versions

FINDINGS_FILE = "findings.json"
"""What findings are called that had no name."""


@dataclass(frozen=True)
class ExperimentsRun:
    """What came of asking.

    Attributes:
        findings: of the experiments that were finished.
        halt: what ended it early, Ctrl-C, a refusal or a fault of ours; None if nothing did.
    """

    findings: tuple[Findings, ...]
    halt: KeyboardInterrupt | Exception | None = None


def run_experiments(
    screen: Screen,
    names: Sequence[str],
    *,
    seed: int,
    own: OwnData | None = None,
    quick: bool = False,
    checkpoint: str | None = None,
) -> ExperimentsRun:
    """The experiments, side by side where that is faster, one line each; what is finished is never lost."""
    found: dict[str, Findings] = {}
    halt: KeyboardInterrupt | Exception | None = None
    try:
        workers = study_workers(len(names), quick=quick)
        waiting = asking_order(names, workers)
        asked = [_asked(name, seed=seed, own=own, quick=quick) for name in waiting]
        order = tuple(waiting)
        titles = {name: text(screen.language, f"study.{name}.title") for name in names}
        with (
            screen.steps(len(names)) as begin,
            closing(run_study(asked, workers, checkpoint=checkpoint)) as study,
        ):
            begin(titles[waiting[0]])
            for place, one in study:
                found[order[place]] = one
                waiting.remove(order[place])
                if len(names) > 1:
                    title = titles[order[place]]
                    screen.say(f"{len(found):2}/{len(names)}  {one.seconds:5.1f} s  {title}")
                if waiting:
                    begin(titles[waiting[0]])
    except (KeyboardInterrupt, Exception) as stop:
        halt = stop
    return ExperimentsRun(tuple(found[name] for name in names if name in found), halt)


def quick_names() -> list[str]:
    """The experiments that a quick report asks."""
    return [name for name in EXPERIMENTS if EXPERIMENTS.load(name).quick_sizes is not None]


def _asked(name: str, *, seed: int, own: OwnData | None, quick: bool) -> Experiment:
    """An experiment, ready to run."""
    kind = EXPERIMENTS.load(name)
    one: Experiment = kind(seed=seed) if own is None else kind.asked_of(own, seed=seed)
    return one.quick() if quick else one


def study_of(
    findings: Sequence[Findings],
    command: str,
    *,
    seed: int,
    own: OwnRows | None = None,
    quick: bool = False,
) -> Study:
    """Findings with what repeats them."""
    command += " --quick" * quick + (f" --seed {seed}" if seed else "")
    return Study(tuple(findings), command, versions(), seed, own, quick)


def own_rows(screen: Screen, options: Namespace) -> tuple[OwnData, OwnRows]:
    """The rows of --data ready to be asked, and what to tell of them; which class is which is said at once.

    Raises:
        InputError: the file cannot be learned from, or holds one class only.
    """
    data = read_rows(options.data, options)
    ready = own_data(data, seed=options.seed)
    count, ones = len(data.labels), int(data.labels.sum())
    own = OwnRows(
        source=Source(file_name(options.data), fingerprint(options.data), count),
        features=data.feature_names,
        label=data.label_name,
        classes=data.classes,
        counts=(count - ones, ones),
        notes=ready.notes,
        skipped=refused(ready),
    )
    screen.say(f"{data.name}: " + screen.word("rows", rows=count, features=len(own.features)), "bold")
    show_classes(screen, data)
    for note in own.notes:
        screen.say(note.say(screen.language), whole=True)
    return ready, own


def own_command(options: Namespace) -> str:
    """The options that name somebody's own rows, as they would be typed beside the file."""
    return " " + shell_line([*with_value("--data", Path(options.data).name), *column_words(options)])


def findings_output(one: Study, path: str | None) -> Output:
    """What was measured, as a file."""
    return Output(path, FINDINGS_FILE, lambda place: save_study(one, place))


def run_outputs(findings: Sequence[Findings], folder: str | None, *, force: bool = False) -> list[Output]:
    """Every training that the experiments kept, as a run file in a folder; nothing without a folder."""
    if folder is None:
        return []
    return [
        Output(str(Path(folder) / name), name, partial(write_run, run), None if force else RUN_KIND)
        for found in findings
        for name, run in ((f"{found.experiment}_{name}.json", run) for name, run in found.runs.items())
    ]


def findings_json(found: Findings, language: str) -> dict[str, Any]:
    """Findings for machines: numbers, conclusions, tables with all digits."""
    verdicts = [
        {"claim": verdict.claim, "holds": verdict.holds, "words": verdict.phrase.say(language)}
        for verdict in found.verdicts
    ]
    tables = [
        {
            "title": sheet.title.say(language),
            "columns": [said(language, column) for column in sheet.columns],
            "rows": [[said(language, cell) for cell in row] for row in sheet.rows],
        }
        for sheet in found.sheets
    ]
    return {
        "experiment": found.experiment,
        "seconds": found.seconds,
        "numbers": dict(found.numbers),
        "verdicts": verdicts,
        "tables": tables,
    }


def study_json(one: Study, language: str) -> dict[str, Any]:
    """A study for machines."""
    return {
        "command": one.command,
        "seed": one.seed,
        "versions": dict(one.versions),
        "data": None if one.own is None else _own_rows_json(one.own, language),
        "quick": one.quick,
        "seconds": sum(found.seconds for found in one.findings),
        "experiments": [findings_json(found, language) for found in one.findings],
    }


def _own_rows_json(own: OwnRows, language: str) -> dict[str, Any]:
    skipped = {name: reason.say(language) for name, reason in own.skipped.items()}
    notes = [note.say(language) for note in own.notes]
    return {**asdict(replace(own, notes=(), skipped={})), "notes": notes, "skipped": skipped}
