"""``soloneuron train`` without a file, the run of the assignment; how the program starts and ends."""

import json
import os
import random
import subprocess
import sys
import warnings

import numpy as np
import torch

ESCAPE = "\x1b"

RUN_1 = {"x1": -2.6127, "x2": 3.31}
SOME_LOSSES = {0: 0.7963, 1: 0.7179, 2: 0.66, 97: 0.1122, 98: 0.1114, 99: 0.1107}


def test_without_a_file_the_run_of_the_assignment_is_printed_to_four_decimals(shell):
    answer = shell("train")
    assert answer.code == 0
    assert answer.err == ""
    words = answer.words
    assert "assignment: 5 rows, 2 features" in words
    assert "nll, per-sample file order, learning rate 0.1, 100 epochs" in words
    assert "x1 -2.6127 x2 3.3100 bias -1.4710" in words
    assert "loss 0.7963 █" in words
    assert "▁ 0.1107" in words
    assert ESCAPE not in answer.out


def test_without_a_file_the_losses_are_those_of_the_assignment(solo):
    answer = solo("train", "--json")
    assert {name: round(weight, 4) for name, weight in answer.json["weights"].items()} == RUN_1
    assert round(answer.json["bias"], 4) == -1.471
    assert {epoch: round(answer.json["losses"][epoch], 4) for epoch in SOME_LOSSES} == SOME_LOSSES
    assert len(answer.json["losses"]) == 100


def test_no_epochs_return_the_start_of_the_assignment(solo):
    answer = solo("train", "--epochs", 0, "--json")
    assert (answer.code, answer.json["weights"], answer.json["losses"]) == (0, {"x1": 0.1, "x2": -0.2}, [])


TORCHLESS = [
    ["--help"],
    ["--version"],
    ["train", "--help"],
    ["losses", "--help"],
    ["optimizers", "--help"],
    [],
    ["trian"],
    ["train", "--epochs", "many"],
    ["train", "--loss", "nl"],
    ["train", "--learning-rate", "fast"],
    ["train", "--colour"],
    ["predict"],
]


def test_help_and_wrong_options_do_not_wait_for_torch(shell):
    program = (
        "import contextlib, io, json, sys\n"
        "from soloneuron.cli import main\n"
        "for arguments in json.loads(sys.argv[1]):\n"
        "    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):\n"
        "        try:\n"
        "            main(arguments)\n"
        "        except SystemExit as end:\n"
        "            code = end.code\n"
        "    print(code, sorted({'torch', 'numpy', 'sklearn', 'rich'} & set(sys.modules)))\n"
    )
    answer = shell(json.dumps(TORCHLESS), start=("-c", program))
    helpful = [bool({"--help", "--version"} & set(arguments)) for arguments in TORCHLESS]
    assert answer.out.splitlines() == [f"{0 if helps else 2} []" for helps in helpful]


def test_the_version_is_that_of_the_package(shell):
    from soloneuron import __version__

    assert shell("--version").out == f"soloneuron {__version__}\n"


def test_a_reader_who_has_had_enough_gets_no_traceback(clinic):
    with subprocess.Popen(
        [sys.executable, "-m", "soloneuron", "train", str(clinic), "--label", "sick"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        complaint = process.stderr.read().decode()
    assert "Traceback" not in complaint
    assert "Exception" not in complaint


def test_the_command_line_leaves_the_process_as_it_found_it(solo, clinic):
    def state():
        return {
            "showwarning": warnings.showwarning,
            "filters": list(warnings.filters),
            "dtype": torch.get_default_dtype(),
            "threads": torch.get_num_threads(),
            "dice": (torch.get_rng_state().tolist(), random.getstate(), np.random.get_state()[1].tolist()),
            "folder": os.getcwd(),
            "environment": dict(os.environ),
            "gradients": torch.is_grad_enabled(),
            "floats": np.geterr(),
        }

    before = state()
    solo("train", clinic, "--label", "sick", "--batch-size", 99, "--test-share", 0.5, "-o", "m.json")
    solo("predict", "m.json", clinic)
    solo("evaluate", "m.json", clinic)
    solo("train", "nothing.csv", "--label", "sick")
    assert state() == before
