"""The command line: arguments in, exit code out; the only room that prints.

Exit codes: 0 all is well; 2 the input is wrong, or the output cannot be written (one line on stderr); 3 the
training overflowed; 130 stopped by Ctrl-C. In the last two cases what was asked for is saved.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper

from soloneuron.catalogues import Catalogue
from soloneuron.cli.parser import make_parser
from soloneuron.errors import InputWarning, SoloneuronError

COMMANDS = Catalogue(
    "command",
    {
        "train": "soloneuron.cli.train:run_train",
        "predict": "soloneuron.cli.predict:run_predict",
        "evaluate": "soloneuron.cli.evaluate:run_evaluate",
        "losses": "soloneuron.cli.losses:run_losses",
        "report": "soloneuron.cli.report:run_report",
        "experiment": "soloneuron.cli.experiment:run_experiment",
        "data": "soloneuron.cli.data:run_data",
        "plot": "soloneuron.cli.plot:run_plot",
        "compare": "soloneuron.cli.plot:run_plot",
        "replay": "soloneuron.cli.replay:run_replay",
        "optimizers": "soloneuron.cli.optimizers:run_optimizers",
        "graph": "soloneuron.cli.graph:run_graph",
        "compile": "soloneuron.cli.compile:run_compile",
        "play": "soloneuron.cli.play:run_play",
        "cache": "soloneuron.cli.cache:run_cache",
    },
)
"""What each command runs; only the chosen one is imported."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: the words after the program's name; None takes those of the process.

    Returns:
        The exit code.
    """
    with _any_letter_printed(), warnings.catch_warnings():
        warnings.simplefilter("always", InputWarning)
        warnings.showwarning = _one_line
        try:
            return _answer(arguments)
        except SoloneuronError as fault:
            print(f"soloneuron: {_flat(fault)}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("soloneuron: stopped", file=sys.stderr)
            return 130
        except BrokenPipeError:  # whoever read the output has had enough
            _let_go_of_stdout()
            return 0
        except OSError as fault:
            _let_go_of_stdout()
            print(f"soloneuron: cannot print the answer: {fault.strerror or fault}", file=sys.stderr)
            return 2


def _answer(arguments: Sequence[str] | None) -> int:
    """Run the command, and see that all it printed has arrived."""
    try:
        options = make_parser().parse_args(arguments)
        code: int = COMMANDS.load(options.command)(options)
    finally:
        sys.stdout.flush()
    return code


@contextmanager
def _any_letter_printed() -> Iterator[None]:
    """Print a letter that the terminal does not have as its number; afterwards all is as it was."""
    streams = [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, TextIOWrapper)]
    manners = [stream.errors for stream in streams]
    for stream in streams:
        stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        for stream, errors in zip(streams, manners, strict=True):
            with suppress(OSError):  # it flushes what is left
                stream.reconfigure(errors=errors)


def _let_go_of_stdout() -> None:
    """Send what is left to nowhere: Python would try once more at its end, and complain."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _flat(message: object) -> str:
    return " ".join(str(message).split("\n"))


def _one_line(message: Warning | str, *_: object, **__: object) -> None:
    print(f"soloneuron: note: {_flat(message)}", file=sys.stderr)
