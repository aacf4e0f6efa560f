"""``soloneuron replay``."""

from __future__ import annotations

from argparse import Namespace

from soloneuron.cli.arguments import Parser
from soloneuron.cli.option_types import add_force, add_language

REPLAY_FILE = "race.html"


def add_replay(parser: Parser) -> None:
    """The options of the command."""
    parser.description = (
        "Turn runs that were saved with --save-run into one HTML page that plays them as a race, from disk."
    )
    parser.several = parser.add_argument("runs", nargs="+", metavar="RUN.json")
    parser.add_argument(
        "-o", "--output", default=REPLAY_FILE, metavar="FILE.html", help=f"default: {REPLAY_FILE}"
    )
    add_force(parser)
    add_language(parser, of="page")


def run_replay(options: Namespace) -> int:
    """Read the runs, write the page, say where it is."""
    from soloneuron.cli.kinds import PAGE_KIND
    from soloneuron.cli.outputs import Output, Written, check_outputs, write_all
    from soloneuron.cli.run_files import read_runs
    from soloneuron.cli.screen import Screen
    from soloneuron.storage.files import write_text
    from soloneuron.view import replay

    read = [("a run of the race", path) for path in options.runs]
    check_outputs(read=read, written=[Written("the replay", options.output, PAGE_KIND)], force=options.force)
    page = replay(read_runs(options.runs), options.lang)
    write_all(Output(options.output, REPLAY_FILE, lambda place: write_text(place, page)))
    screen = Screen(options.lang)
    screen.say(screen.word("saved", path=options.output), whole=True)
    return 0
