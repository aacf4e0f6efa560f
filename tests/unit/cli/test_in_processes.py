"""What torchrun must say of a process, and when nobody has started several."""

import pytest

from command_groups import free_ports
from process_groups import in_threads
from soloneuron import InputError
from soloneuron.cli import main
from soloneuron.cli.in_processes import once

WHOLE = {"RANK": "0", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "1"}

BAD = {
    "rank alone": ({"RANK": "0"}, "WORLD_SIZE, MASTER_ADDR, MASTER_PORT must be set where RANK is"),
    "size alone": ({"WORLD_SIZE": "2"}, "RANK, MASTER_ADDR, MASTER_PORT must be set where WORLD_SIZE is"),
    "empty rank": ({**WHOLE, "RANK": ""}, "RANK must be set where WORLD_SIZE is"),
    "no port": ({**WHOLE, "MASTER_PORT": ""}, "MASTER_PORT must be set where RANK is"),
    "a word": ({**WHOLE, "WORLD_SIZE": "two"}, "WORLD_SIZE must be a whole number, got 'two'"),
    "size 0": ({**WHOLE, "WORLD_SIZE": "0"}, "WORLD_SIZE must be >= 1"),
    "rank as large as the size": ({**WHOLE, "RANK": "2"}, "WORLD_SIZE must be >= 1, RANK from 0 to below it"),
    "negative rank": ({**WHOLE, "RANK": "-1"}, "WORLD_SIZE must be >= 1, RANK from 0 to below it"),
    "a port too large": ({**WHOLE, "MASTER_PORT": "70000"}, "WORLD_SIZE must be >= 1, RANK"),
}


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No variable that a process group of another test has left."""
    for name in WHOLE:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("variables", "sentence"), BAD.values(), ids=BAD)
def test_half_a_torchrun_is_one_sentence_and_code_2(variables, sentence, monkeypatch, capsys):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main(["train", "--epochs", "1"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"soloneuron: {sentence}")
    assert printed.err.count("\n") == 1


@pytest.mark.slow
def test_a_process_whose_others_never_come_is_told_so(monkeypatch, capsys):
    (port,) = free_ports(1)
    for name, value in {**WHOLE, "MASTER_PORT": str(port)}.items():
        monkeypatch.setenv(name, value)
    assert main(["train", "--epochs", "1", "--timeout", "1"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(
        f"soloneuron: process 0 of 2 must find the others at 127.0.0.1:{port} within 1 "
    )
    assert printed.err.count("\n") == 1


def test_an_address_alone_starts_nothing(monkeypatch, capsys):
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    assert main(["train", "--epochs", "1", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_all_know_whether_the_first_could_write():
    def work(group):
        def write():
            if group.rank == 0:
                raise OSError("No space left on device")

        with pytest.raises(InputError) as caught:
            once(write, group)
        return str(caught.value)

    assert set(in_threads(2, work)) == {"No space left on device (in process 0 of 2)"}
