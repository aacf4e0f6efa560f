"""``soloneuron replay``."""

from __future__ import annotations

import argparse
from argparse import Namespace

from soloneuron.cli.option_types import add_language

REPLAY_FILE = "race.html"


def add_replay(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = (
        "Turn runs that were saved with --save-run into one HTML page that plays them as a race, from disk."
    )
    parser.add_argument("runs", nargs="+", metavar="RUN.json")
    parser.add_argument(
        "-o", "--output", default=REPLAY_FILE, metavar="FILE.html", help=f"default: {REPLAY_FILE}"
    )
    add_language(parser, of="page")


def run_replay(options: Namespace) -> int:
    """Read the runs, write the page, say where it is."""
    from pathlib import Path

    from soloneuron.cli.outputs import check_outputs
    from soloneuron.cli.run_files import read_runs
    from soloneuron.cli.screen import Screen
    from soloneuron.errors import InputError
    from soloneuron.storage.files import write_text
    from soloneuron.view import replay

    read = [("a run of the race", path) for path in options.runs]
    check_outputs(read=read, written=[("the replay", options.output)])
    if Path(options.output).suffix.lower() not in (".html", ".htm"):
        raise InputError(f"-o must end in .html, got {options.output}", code="replay.ending")
    write_text(options.output, replay(read_runs(options.runs), options.lang))
    screen = Screen(options.lang)
    screen.say(screen.word("saved", path=options.output), whole=True)
    return 0
