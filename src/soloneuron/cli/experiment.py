"""``soloneuron experiment``."""

from __future__ import annotations

from argparse import Namespace

from soloneuron.cli.kinds import FINDINGS_KIND, RESULTS_KIND
from soloneuron.cli.outputs import Written, check_outputs, make_folder, write_all
from soloneuron.cli.screen import Screen, print_json
from soloneuron.cli.study import findings_json, findings_output, run_experiments, run_outputs, study_of
from soloneuron.errors import InputError
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.records.findings import Findings
from soloneuron.texts import text

ANSWER_MARKS = {True: "+ ", False: "- ", None: "  "}
"""Before a conclusion: whether it supports what textbooks claim, or whether they claim nothing."""


def run_experiment(options: Namespace) -> int:
    """List the experiments, or run one and tell its conclusions and tables."""
    screen = Screen(options.lang, quiet=options.json or options.quiet)
    if options.list:
        _list(options, screen)
        return 0
    if options.name is None:
        raise InputError("name an experiment, or see soloneuron experiment --list", code="experiment.name")
    check_outputs(
        written=[
            Written("the file of findings", options.output, FINDINGS_KIND),
            Written("the checkpoint", options.checkpoint, RESULTS_KIND, "--checkpoint"),
        ],
        force=options.force,
    )
    make_folder(options.save_runs)
    asked = run_experiments(screen, [options.name], seed=options.seed, checkpoint=options.checkpoint)
    if asked.halt is not None:
        raise asked.halt
    (found,) = asked.findings
    command = f"soloneuron report --only {options.name}"
    findings = findings_output(study_of(asked.findings, command, seed=options.seed), options.output)
    write_all(findings, *run_outputs(asked.findings, options.save_runs, force=options.force))
    if options.json:
        where = {"findings": options.output, "runs": options.save_runs}
        print_json({**where, "seed": options.seed, **findings_json(found, options.lang)})
    _show(screen, found)
    if options.output is not None:
        screen.say(screen.word("saved", path=options.output), whole=True)
    if options.save_runs is not None:
        screen.say(screen.word("saved_runs", count=len(found.runs), path=options.save_runs), whole=True)
    return 0


def _list(options: Namespace, screen: Screen) -> None:
    questions = {name: text(options.lang, f"study.{name}.question") for name in EXPERIMENTS}
    if options.json:
        print_json(questions)
    width = max(map(len, EXPERIMENTS))
    for name, question in questions.items():
        screen.say(f"{name:{width}}  {question}")


def _show(screen: Screen, found: Findings) -> None:
    """Question, conclusions, tables, time."""
    language = screen.language
    screen.say(text(language, f"study.{found.experiment}.question"), style="bold")
    if found.how is not None:
        screen.say(found.how.say(language), style="dim")
    for verdict in found.verdicts:
        screen.say(ANSWER_MARKS[verdict.holds] + verdict.phrase.say(language))
    screen.say(screen.word("marks"), style="dim")
    for sheet in found.sheets:
        screen.say("")
        screen.sheet(sheet)
    screen.say("")
    screen.say(screen.word("took", seconds=found.seconds), style="dim")
