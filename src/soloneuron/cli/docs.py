"""``soloneuron docs``."""

from __future__ import annotations

import argparse
import webbrowser
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from soloneuron.cli.option_types import add_force, add_language


def add_docs(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = "Open the pages of the manual, in one file that needs no network."
    parser.add_argument(
        "page", nargs="?", metavar="PAGE", help="which one, such as neuron; default: the first"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE.html", help="where to write the file; default: in the user's cache"
    )
    parser.add_argument("--no-open", action="store_true", help="print the address and open no browser")
    add_force(parser)
    add_language(parser, of="pages")


def run_docs(options: Namespace) -> int:
    """Write the file, say where it is, open it."""
    from soloneuron import __version__
    from soloneuron.cli.kinds import PAGE_KIND
    from soloneuron.cli.outputs import Written, check_outputs
    from soloneuron.cli.screen import Screen
    from soloneuron.data.tiles.cache import writable_folder
    from soloneuron.manual.page import manual_page
    from soloneuron.manual.sources import check_page
    from soloneuron.storage.files import write_text
    from soloneuron.texts import text

    if options.page is not None:
        check_page(options.page, options.lang)
    if options.output is None:
        path = writable_folder() / f"docs-{__version__}-{options.lang}.html"
    else:
        check_outputs(written=[Written("the pages", options.output, PAGE_KIND)], force=options.force)
        path = Path(options.output).absolute()
    write_text(path, manual_page(options.lang))
    Screen(options.lang).say(text(options.lang, "manual.opened", path=path), whole=True)
    if not options.no_open:
        with suppress(webbrowser.Error):
            webbrowser.open(path.as_uri() + (f"#{options.page}" if options.page else ""))
    return 0
