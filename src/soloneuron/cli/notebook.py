"""``soloneuron notebook``."""

from __future__ import annotations

import argparse
from argparse import Namespace

from soloneuron.cli.option_types import add_choice, add_force, add_language
from soloneuron.notebook.starter import STARTERS, starter_notebook

NOTEBOOK_FILE = "hw.ipynb"


def add_notebook(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = "Write a notebook to begin a task with: its text, empty functions, and tests."
    add_choice(parser, "--task", STARTERS, default="neuron", help="which task; default: neuron")
    parser.add_argument(
        "-o", "--output", default=NOTEBOOK_FILE, metavar="FILE.ipynb", help=f"default: {NOTEBOOK_FILE}"
    )
    add_force(parser)
    add_language(parser, of="notebook")


def run_notebook(options: Namespace) -> int:
    """Write the notebook, say where it is."""
    from soloneuron.cli.kinds import NOTEBOOK_KIND
    from soloneuron.cli.outputs import Output, Written, check_outputs, write_all
    from soloneuron.cli.screen import Screen
    from soloneuron.storage.files import write_text

    check_outputs(written=[Written("the notebook", options.output, NOTEBOOK_KIND)], force=options.force)
    page = starter_notebook(options.task, options.lang)
    write_all(Output(options.output, NOTEBOOK_FILE, lambda place: write_text(place, page)))
    screen = Screen(options.lang)
    screen.say(screen.word("saved", path=options.output), whole=True)
    return 0
