"""``soloneuron report``."""

from __future__ import annotations

import time
from argparse import Namespace
from contextlib import suppress

from soloneuron.cli.columns import columns_given
from soloneuron.cli.kinds import FINDINGS_KIND, REPORT_KIND, RESULTS_KIND
from soloneuron.cli.outputs import Output, Written, check_outputs, make_folder, rescue, write_all
from soloneuron.cli.reading import ask_for_label
from soloneuron.cli.run_files import read_runs
from soloneuron.cli.screen import Screen, print_json
from soloneuron.cli.study import (
    findings_output,
    own_command,
    own_rows,
    quick_names,
    run_experiments,
    run_outputs,
    study_json,
    study_of,
)
from soloneuron.cli.study_options import REPORT_FILE
from soloneuron.errors import InputError, SoloneuronError
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.figures.frame import plotly
from soloneuron.figures.runs import run_charts
from soloneuron.records.study import Study
from soloneuron.report.page import make_page
from soloneuron.report.pdf import as_pdf, check_printable
from soloneuron.report.plots import plots_page
from soloneuron.storage.files import write_bytes
from soloneuron.storage.findings import load_study, save_study


def run_report(options: Namespace) -> int:
    """Measure everything, or read what was measured; write the page, say where it is."""
    began = time.monotonic()
    if options.runs:
        return _of_runs(options)
    _check(options)
    plotly()
    if _is_pdf(options):
        check_printable()
    screen = Screen(options.lang, quiet=options.quiet or options.json)
    halt: KeyboardInterrupt | Exception | None = None
    if options.findings is None:
        one, halt = _measured(screen, options)
    else:
        one = load_study(options.findings)
    page = b""
    if halt is None:
        try:
            page = make_page(one, options.lang).encode()
            if _is_pdf(options):
                page = as_pdf(page.decode())
        except (KeyboardInterrupt, Exception) as stop:
            halt = stop
    if halt is not None:
        return _halted(screen, options, one, halt)
    report = Output(options.output, REPORT_FILE, lambda place: write_bytes(place, page))
    runs = run_outputs(one.findings, options.save_runs, force=options.force)
    write_all(findings_output(one, options.save), report, *runs)
    size, spent = len(page) / 1e6, time.monotonic() - began
    screen.say(screen.word("report_done", path=options.output, size=size, seconds=spent), whole=True)
    if options.save is not None:
        screen.say(screen.word("saved", path=options.save), whole=True)
    if runs:
        screen.say(screen.word("saved_runs", count=len(runs), path=options.save_runs), whole=True)
    _tell(options, one, page=options.output, findings=options.findings or options.save)
    return 0


def _of_runs(options: Namespace) -> int:
    """The page of saved runs: all their figures, and how they went."""
    asked = [name for name, value in _work(options).items() if value]
    asked += [*(["--from"] if options.findings else []), *columns_given(options)]
    if asked:
        raise InputError(
            f"runs are drawn as they are: leave {asked[0]} out", code="report.runs", option=asked[0]
        )
    check_outputs(
        read=[("a run to draw", path) for path in options.runs],
        written=[Written("the report", options.output, REPORT_KIND)],
        force=options.force,
    )
    plotly()
    if _is_pdf(options):
        check_printable()
    runs = read_runs(options.runs)
    page = plots_page(run_charts(runs), runs, options.lang).encode()
    if _is_pdf(options):
        page = as_pdf(page.decode())
    write_all(Output(options.output, REPORT_FILE, lambda place: write_bytes(place, page)))
    screen = Screen(options.lang, quiet=options.quiet or options.json)
    screen.say(screen.word("saved", path=options.output), whole=True)
    if options.json:
        print_json({"page": options.output, "runs": [*runs]})
    return 0


def _work(options: Namespace) -> dict[str, object]:
    """Options that say what to measure, and where to keep it."""
    return {
        "--only": options.only,
        "--quick": options.quick,
        "--seed": options.seed,
        "--save": options.save,
        "--checkpoint": options.checkpoint,
        "--data": options.data,
        "--save-runs": options.save_runs,
    }


def _check(options: Namespace) -> None:
    """Options that contradict each other, and places that cannot be written, before any work."""
    columns = columns_given(options)
    work = _work(options)
    del work["--save-runs"]
    asked = [*(name for name, value in work.items() if value), *columns]
    if options.findings is not None and asked:
        raise InputError(
            f"--from tells what was measured, {asked[0]} what to measure: leave one of them out",
            code="report.from",
        )
    if options.data is None and columns:
        raise InputError("--label, --features, --drop and --positive need --data FILE", code="report.data")
    if options.data is not None and options.label is None:
        ask_for_label(options.data, "soloneuron report --data FILE --label NAME")
    check_outputs(
        read=[("the file of --data", options.data), ("the findings of --from", options.findings)],
        written=[
            Written("the report", options.output, REPORT_KIND),
            Written("the file of findings", options.save, FINDINGS_KIND, "--save"),
            Written("the checkpoint", options.checkpoint, RESULTS_KIND, "--checkpoint"),
        ],
        force=options.force,
    )
    make_folder(options.save_runs)


def _is_pdf(options: Namespace) -> bool:
    return str(options.output).lower().endswith(".pdf")


def _measured(screen: Screen, options: Namespace) -> tuple[Study, KeyboardInterrupt | Exception | None]:
    """Ask what was asked for; what ended it early comes along."""
    data, own = (None, None) if options.data is None else own_rows(screen, options)
    skipped = {} if own is None else own.skipped
    for name in options.only:
        if name in skipped:
            why = skipped[name].say("en")
            raise InputError(f"{name} cannot be asked of these rows: {why}", code="report.only")
        if options.quick and EXPERIMENTS.load(name).quick_sizes is None:
            raise InputError(
                f"--quick leaves {name} out: leave --quick out, or ask only " + ", ".join(quick_names()),
                code="report.quick",
                name=name,
                names=", ".join(quick_names()),
            )
    names = [name for name in (quick_names() if options.quick else EXPERIMENTS) if name not in skipped]
    asked = run_experiments(
        screen,
        options.only or names,
        seed=options.seed,
        own=data,
        quick=options.quick,
        checkpoint=options.checkpoint,
    )
    done = [found.experiment for found in asked.findings]
    command = "soloneuron report" + (f" --only {','.join(done)}" if done != names else "")
    command += "" if own is None else own_command(options)
    return study_of(asked.findings, command, seed=options.seed, own=own, quick=options.quick), asked.halt


def _halted(screen: Screen, options: Namespace, one: Study, halt: KeyboardInterrupt | Exception) -> int:
    """Keep what was measured before a Ctrl-C, a refusal or a fault of ours, and tell where."""
    if options.findings is not None or not one.findings:
        raise halt
    path = _saved(one, options.save)
    if isinstance(halt, SoloneuronError):
        raise InputError(f"{halt}; what was measured before is kept as {path}", code="report.halted")
    if not isinstance(halt, KeyboardInterrupt):
        screen.warn(screen.word("study_failed", done=len(one.findings), path=path))
        raise halt
    screen.warn(screen.word("study_stopped", done=len(one.findings), path=path))
    _tell(options, one, page=None, findings=path, stopped=True)
    return 130


def _saved(one: Study, path: str | None) -> str:
    """Save findings in their place; where they have none, or it fails, in a folder for passing files."""
    if path is not None:
        with suppress(InputError):
            save_study(one, path)
            return path
    return rescue(findings_output(one, None))


def _tell(
    options: Namespace, one: Study, *, page: str | None, findings: str | None, stopped: bool = False
) -> None:
    """One JSON object, if it was asked for."""
    if options.json:
        paths = {"page": page, "findings": findings, "stopped": stopped}
        print_json({**paths, **study_json(one, options.lang)})
