"""The command line: arguments in, exit code out; the only room that prints.

Exit codes: 0 all is well; 1 ``check`` found a counterexample; 2 the input is wrong, or the output cannot be
written (one line on stderr); 3 the
training overflowed; 130 stopped by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP. In these last cases what was asked
for is saved.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence

from soloneuron.catalogues import Catalogue
from soloneuron.cli.language import speaking, spoken, spoken_language
from soloneuron.cli.parser import make_parser
from soloneuron.cli.signals import INTERRUPTED, stopped_by_signals
from soloneuron.cli.streams import complain, remark, usable_streams
from soloneuron.errors import InputWarning, SoloneuronError
from soloneuron.texts.translation import worded

REFUSED = 2

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
        "race": "soloneuron.cli.race:run_race",
        "notebook": "soloneuron.cli.notebook:run_notebook",
        "check": "soloneuron.cli.check:run_check",
        "replay": "soloneuron.cli.replay:run_replay",
        "optimizers": "soloneuron.cli.optimizers:run_optimizers",
        "graph": "soloneuron.cli.graph:run_graph",
        "compile": "soloneuron.cli.compile:run_compile",
        "lesson": "soloneuron.cli.lesson:run_lesson",
        "play": "soloneuron.cli.play:run_play",
        "cache": "soloneuron.cli.cache:run_cache",
        "docs": "soloneuron.cli.docs:run_docs",
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
    words = list(sys.argv[1:] if arguments is None else arguments)
    with usable_streams(), speaking(words), stopped_by_signals() as stop, warnings.catch_warnings():
        warnings.simplefilter("always", InputWarning)
        warnings.showwarning = _one_line
        code = _guarded(words)
        # Whatever else went wrong on the way out: a terminal that has gone takes no more words.
        return code if stop.code is None else stop.code


def _guarded(words: Sequence[str]) -> int:
    """The exit code of a command, with what went wrong in one line."""
    try:
        return _answer(words)
    except SoloneuronError as fault:
        complain(worded(fault, spoken_language()))
    except KeyboardInterrupt:
        complain(spoken("stopped"))
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the output has had enough
        _let_go_of_stdout()
        return 0
    except MemoryError:
        complain(spoken("there is not enough memory for this"))
    except OSError as fault:
        _let_go_of_stdout()
        complain(spoken(f"cannot print the answer: {fault.strerror or fault}"))
    return REFUSED


def _answer(words: Sequence[str]) -> int:
    """Run the command, and see that all it printed has arrived."""
    try:
        options = make_parser().parse_args(words)
        code: int = COMMANDS.load(options.command)(options)
    finally:
        sys.stdout.flush()
    return code


def _let_go_of_stdout() -> None:
    from soloneuron.terminal import let_go_of_stdout  # rich is not waited for where all goes well

    let_go_of_stdout()


def _one_line(message: Warning | str, *_: object, **__: object) -> None:
    remark(message if isinstance(message, str) else worded(message, spoken_language()))
