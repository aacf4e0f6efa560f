"""``soloneuron play``."""

from __future__ import annotations

import argparse
import threading
import webbrowser
from argparse import Namespace
from contextlib import suppress
from typing import TYPE_CHECKING

from soloneuron.cli.language import spoken_language
from soloneuron.cli.option_types import add_choice, add_force
from soloneuron.texts import LANGUAGES

if TYPE_CHECKING:
    from soloneuron.playing.serving import PageServer

HOST, PORT = "127.0.0.1", 8642
ALL_ADDRESSES = ("0.0.0.0", "::")
"""What listens for the whole network."""


def add_play(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = (
        "Open the playground, a page that trains the neuron live in the browser; Ctrl-C closes it. With -o "
        "the page is written to a file, which needs neither a server nor a network."
    )
    parser.add_argument("-o", "--output", metavar="FILE.html", help="write the page, and serve nothing")
    parser.add_argument(
        "--host", default=HOST, metavar="ADDRESS", help=f"default: {HOST}, this machine; 0.0.0.0 for a class"
    )
    parser.add_argument("--port", type=_port, default=PORT, metavar="N", help=f"default: {PORT}, or the next")
    parser.add_argument("--no-open", action="store_true", help="print the address and open no browser")
    add_force(parser)
    add_choice(parser, "--lang", LANGUAGES, default=None, help="language of the page; default: the browser's")


def run_play(options: Namespace) -> int:
    """Write the page, or serve it until Ctrl-C."""
    return _serve(options) if options.output is None else _write(options)


def _write(options: Namespace) -> int:
    from soloneuron.cli.kinds import PAGE_KIND
    from soloneuron.cli.outputs import Output, Written, check_outputs, write_all
    from soloneuron.cli.screen import Screen
    from soloneuron.playing.page import playground_page
    from soloneuron.storage.files import write_text

    check_outputs(read=[], written=[Written("the page", options.output, PAGE_KIND)], force=options.force)
    page = playground_page(options.lang or "")
    write_all(Output(options.output, "page.html", lambda place: write_text(place, page)))
    screen = Screen(options.lang or spoken_language())
    screen.say(screen.word("saved", path=options.output), whole=True)
    return 0


def _serve(options: Namespace) -> int:
    from soloneuron.cli.screen import Screen
    from soloneuron.playing.page import playground_page
    from soloneuron.playing.serving import PageServer

    screen = Screen(options.lang or spoken_language())
    with PageServer(playground_page(options.lang or ""), host=options.host, port=options.port) as server:
        if server.port != options.port:
            screen.say(screen.word("play_port", wanted=options.port, port=server.port))
        with suppress(KeyboardInterrupt):
            address = _address(options.host, server)
            screen.say(screen.word("play_address", address=address), whole=True)
            if not options.no_open:
                threading.Thread(target=_open, args=(address,), daemon=True).start()
            server.serve_forever(poll_interval=0.2)
    screen.say(screen.word("play_closed"))
    return 0


def _address(host: str, server: PageServer) -> str:
    """What people type: where everybody may ask, the address by which others reach this machine."""
    from soloneuron.playing.serving import address_of_machine

    shown = (address_of_machine() or HOST) if host in ALL_ADDRESSES else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{server.port}/"


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
