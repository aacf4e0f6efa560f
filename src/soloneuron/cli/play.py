"""``soloneuron play``."""

from __future__ import annotations

import argparse
import threading
import webbrowser
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from soloneuron.cli.option_types import add_language
from soloneuron.errors import MissingExtraError

if TYPE_CHECKING:
    from soloneuron.records.run import RunRecord

PORT = 8642


def add_play(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = "Open the playground: train the neuron live in the browser. Ctrl-C closes it."
    parser.add_argument("--port", type=_port, default=PORT, metavar="N", help=f"default: {PORT}, or the next")
    parser.add_argument("--no-open", action="store_true", help="print the address and open no browser")
    add_language(parser, of="page")


def run_play(options: Namespace) -> int:
    """Serve until Ctrl-C."""
    from soloneuron.cli.screen import Screen

    try:
        from soloneuron.playground.server import bind, serve
        from soloneuron.view import replay
    except ModuleNotFoundError as missing:
        if missing.name not in ("starlette", "uvicorn", "websockets"):
            raise
        raise MissingExtraError("the playground", "play") from None
    screen = Screen(options.lang)
    listener = bind(options.port)
    port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}/" + (f"#lang={options.lang}" if options.lang != "en" else "")
    if port != options.port:
        screen.say(screen.word("play_port", wanted=options.port, port=port))
    with suppress(KeyboardInterrupt):
        screen.say(screen.word("play_address", address=address), whole=True)
        if not options.no_open:
            threading.Thread(target=_open, args=(address,), daemon=True).start()
        serve(listener, {"replay": replay, "report": _report})
    screen.say(screen.word("play_closed"))
    return 0


def _report(runs: Mapping[str, RunRecord], language: str) -> str:
    """All figures of the runs as one page."""
    from soloneuron.figures.runs import run_charts
    from soloneuron.report.plots import plots_page

    return plots_page(run_charts(runs), runs, language)


def _open(address: str) -> None:
    """Open a browser; on a machine without one the printed address is all there is to do."""
    try:
        webbrowser.open(address)
    except webbrowser.Error:
        return


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to 65535, got {text!r}")
    return int(text)
