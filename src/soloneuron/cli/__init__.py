"""The command line: arguments in, exit code out; the only room that prints.

Exit codes: 0 all is well; 2 the input is wrong (one line on stderr); 3 the training overflowed; 130 stopped
by Ctrl-C. In the last two cases what was asked for is saved.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from soloneuron.cli.parser import make_parser
from soloneuron.errors import InputWarning, SoloneuronError

COMMANDS = {
    "train": "soloneuron.cli.train",
    "predict": "soloneuron.cli.predict",
    "evaluate": "soloneuron.cli.evaluate",
    "losses": "soloneuron.cli.losses",
    "report": "soloneuron.cli.report",
    "experiment": "soloneuron.cli.experiment",
    "data": "soloneuron.cli.data",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: the words after the program's name; None takes those of the process.

    Returns:
        The exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    options = make_parser().parse_args(arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("always", InputWarning)
        warnings.showwarning = _one_line
        try:
            code: int = import_module(COMMANDS[options.command]).run(options)
        except SoloneuronError as fault:
            print(f"soloneuron: {_flat(fault)}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("soloneuron: stopped", file=sys.stderr)
            return 130
        except BrokenPipeError:
            sys.stderr.close()
            return 0
    return code


def _flat(message: object) -> str:
    return " ".join(str(message).split("\n"))


def _one_line(message: Warning | str, *_: object, **__: object) -> None:
    print(f"soloneuron: note: {_flat(message)}", file=sys.stderr)
