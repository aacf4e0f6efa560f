"""``soloneuron check``."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from soloneuron.checking.exchange import CHECKED_TASKS
from soloneuron.cli.option_types import add_choice, add_force, add_language, at_least

if TYPE_CHECKING:
    from soloneuron.checking.homework.files import FileReport
    from soloneuron.checking.homework.scores import Weights
    from soloneuron.checking.workers import HomeworkWorkers
    from soloneuron.cli.screen import Screen

_SPECS = ("auto", "nll-mean", "mse-mean", "strict")
PAGE_FILE, JSON_FILE, JUNIT_FILE, TABLE_FILE = "class.html", "check.json", "check.xml", "check.csv"


def add_check(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = (
        "Check homework against the library: a neuron, an autograd class, an optimizer. Exit code 0: no "
        "counterexample; 1: a counterexample; 2: it could not be checked."
    )
    parser.add_argument("file", metavar="FILE", help="a notebook, a .py or .md file, or a folder of them")
    add_choice(parser, "--task", CHECKED_TASKS, help="check this only; default: whatever is there")
    parser.add_argument("--object", metavar="NAME", help="the class or function to check")
    add_choice(
        parser, "--spec", _SPECS, default="auto", help="what the task asks; default: auto names what it finds"
    )
    parser.add_argument("--points", metavar="FILE.toml", help="points of the course for what was found")
    parser.add_argument("--json", metavar="FILE.json", help="write everything that was found")
    parser.add_argument(
        "--html", "-o", "--output", metavar="FILE.html", help="write a page: a row a file, a column a point"
    )
    parser.add_argument("--csv", metavar="FILE.csv", help="write the same as a table")
    parser.add_argument("--junit", metavar="FILE.xml", help="write what continuous integration reads")
    parser.add_argument("--seed", type=at_least(0), default=0, help="of the random programs; default: 0")
    parser.add_argument(
        "--timeout", type=at_least(1), default=20, metavar="SECONDS", help="for each file; default: 20"
    )
    parser.add_argument(
        "--trust", action="store_true", help="run a folder's files even where nothing guards other files"
    )
    add_force(parser)
    add_language(parser)


def run_check(options: Namespace) -> int:
    """Check one file or a folder, write what was asked for, say what was found."""
    from soloneuron.checking.workers import best_workers

    workers = best_workers()  # they warm up while the rest is imported
    try:
        return _checked(options, workers)
    finally:
        workers.close()


def _checked(options: Namespace, workers: HomeworkWorkers) -> int:
    from soloneuron.checking.homework.files import CheckRequest, check_file, check_folder
    from soloneuron.checking.homework.refusals import refusal
    from soloneuron.checking.homework.scores import read_weights
    from soloneuron.checking.homework.shown import exit_code
    from soloneuron.cli.screen import Screen

    is_folder = Path(options.file).is_dir()
    if is_folder and options.object is not None:
        raise refusal("one_object", path=options.file)
    writes = any(path is not None for path in (options.html, options.json, options.junit, options.csv))
    if writes:
        _check_outputs(options)
    weights = read_weights(options.points) if options.points is not None else {}
    asked = CheckRequest(options.task, options.object, options.spec, options.seed, options.timeout)
    screen = Screen(options.lang)
    if is_folder:
        reports = []
        for report in check_folder(workers, options.file, asked, trust=options.trust):
            reports.append(report)
            _say_line(screen, report, weights)
    else:
        reports = [check_file(workers, options.file, asked)]
    if writes:
        _write(options, reports, weights, screen)
    if not is_folder:
        _say_file(screen, reports[0], options.task)
    return exit_code(reports)


def _check_outputs(options: Namespace) -> None:
    from soloneuron.cli.kinds import PAGE_KIND, FileKind
    from soloneuron.cli.outputs import Written, check_outputs

    data = FileKind("report", "JSON", (".json",), rb'\s*\{\s*"format":')
    xml = FileKind("report", "XML", (".xml",), rb'(?s:\s*<\?xml.*<testsuites name="soloneuron check")')
    table = FileKind("table", "CSV", (".csv",), rb"(File|\xd0\xa4\xd0\xb0\xd0\xb9\xd0\xbb),")
    check_outputs(
        read=[("the homework", options.file), ("the file of points", options.points)],
        written=[
            Written("the page", options.html, PAGE_KIND),
            Written("the report", options.json, data, "--json"),
            Written("the report", options.junit, xml, "--junit"),
            Written("the table", options.csv, table, "--csv"),
        ],
        force=options.force,
    )


def _write(
    options: Namespace, reports: list[FileReport], weights: Mapping[str, Weights], screen: Screen
) -> None:
    """Write all files that were asked for."""
    import json

    from soloneuron.checking.homework.class_page import class_page
    from soloneuron.checking.homework.junit import junit_xml
    from soloneuron.checking.homework.shown import report_data, table_rows
    from soloneuron.cli.outputs import Output, write_all
    from soloneuron.cli.tables import table_text

    language = options.lang
    data = report_data(reports, language, weights)
    made: dict[tuple[str | None, str], Callable[[], str]] = {
        (options.json, JSON_FILE): lambda: json.dumps(data, ensure_ascii=False, indent=1) + "\n",
        (options.junit, JUNIT_FILE): lambda: junit_xml(data),
        (options.csv, TABLE_FILE): lambda: table_text(table_rows(reports, language, weights)),
        (options.html, PAGE_FILE): lambda: class_page(reports, language, weights),
    }
    wanted = {(path, name): make() for (path, name), make in made.items() if path is not None}
    write_all(*(Output(path, name, _writing(words)) for (path, name), words in wanted.items()))
    for path, _ in wanted:
        screen.say(screen.word("saved", path=path), whole=True)


def _writing(words: str) -> Callable[[Path], None]:
    from soloneuron.storage.files import write_text

    return lambda place: write_text(place, words)


def _say_line(screen: Screen, report: FileReport, weights: Mapping[str, Weights]) -> None:
    """One line for each object of a file of a folder."""
    from soloneuron.checking.homework.shown import table_rows

    for row in table_rows([report], screen.language, weights)[1:]:
        screen.say("  ".join(part for part in row[: 5 if weights else 4] if part), whole=True)


def _say_file(screen: Screen, report: FileReport, task: str | None) -> None:
    """Everything about one file."""
    from soloneuron.checking.adapters import adapter_text
    from soloneuron.checking.homework.shown import defined_before, guards_line
    from soloneuron.checking.showing import as_text
    from soloneuron.cli.streams import complain
    from soloneuron.texts import text
    from soloneuron.texts.translation import worded

    if report.guards:
        screen.say(guards_line(report.guards, screen.language), "dim", whole=True)
    for one in report.examinations:
        before = defined_before(one, screen.language)
        screen.say(as_text(one, screen.language), whole=True)
        if before:
            screen.say(before, "dim", whole=True)
    if report.refusal is not None:
        complain(worded(report.refusal, screen.language))
        if report.refusal.code in ("homework.others", "homework.nothing"):
            screen.warn(f"{text(screen.language, 'homework.fill_in')}")
            lines = adapter_text(task or "neuron").splitlines()
            screen.say("\n".join(f"# check: {line}" for line in lines), whole=True)
