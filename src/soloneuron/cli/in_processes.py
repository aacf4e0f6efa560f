"""``soloneuron train`` under torchrun: every process runs the command, the first alone prints and writes."""

from __future__ import annotations

import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from datetime import timedelta
from typing import TypeVar, cast

import torch
import torch.distributed as dist
from torch.distributed.rendezvous import rendezvous

from soloneuron.errors import InputError, ProcessError, SoloneuronError
from soloneuron.formulas.sharded import ProcessGroup, ShardedRows, are_few
from soloneuron.records.dataset import Dataset
from soloneuron.training.sharding.agreement import EVERYWHERE, together
from soloneuron.training.sharding.descriptions import description
from soloneuron.training.sharding.processes import Processes
from soloneuron.training.sharding.shards import sharded

Pulled = TypeVar("Pulled")

VARIABLES = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
"""What torchrun tells each process; the first two alone say that somebody has started several."""

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""Signals that ask a command to stop."""

ALONE = "the other processes were busy with the next step"
"""The note on an exception that one process raises while the others train."""

LOCAL_OPTIONS = ("output", "save_run", "lang", "timeout", "run", "words")
"""Options in which processes may differ."""


def in_processes(options: Namespace, run: Callable[[Namespace, ProcessGroup | None], int]) -> int:
    """Run a command in this process alone, or as one of the group that torchrun has started.

    Args:
        options: as they were parsed.
        run: the command; None in the place of a group is this process alone.

    Returns:
        The exit code, the same in every process.

    Raises:
        SoloneuronError: in the first process what one of them was refused; in each, that one was lost.
    """
    place = _place()
    if place is None:
        return run(options, None)
    rank, size = place
    with ExitStack() as stack:
        if rank:
            # All else as in the first: what is only shown is asked of all of them, too.
            options = Namespace(**{**vars(options), "output": None, "save_run": None})
            nowhere = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
            stack.enter_context(redirect_stdout(nowhere))
            stack.enter_context(redirect_stderr(nowhere))
        stack.enter_context(_group(rank, size, options))
        try:
            return _agreed_code(options, run, Processes())
        except ProcessError:
            raise
        except (SoloneuronError, OSError):
            if rank:
                return 2
            raise


def _agreed_code(
    options: Namespace, run: Callable[[Namespace, ProcessGroup | None], int], group: ProcessGroup
) -> int:
    """The code of the command, once every process has come to its end."""
    try:
        code = run(options, group)
    except (ProcessError, BrokenPipeError):
        raise
    except (SoloneuronError, OSError) as fault:
        if {EVERYWHERE, ALONE} & set(getattr(fault, "__notes__", ())):
            raise
        caught = fault
        # The others learn of it where they next ask each other.
        together(group, lambda: _raised(caught), lambda _: {})
        raise
    together(group, lambda: code, lambda _: {})
    return code


def _raised(fault: Exception) -> None:
    raise fault


def spread(data: Dataset, group: ProcessGroup | None, options: Namespace) -> Dataset:
    """Rows that every process has read, each keeping its own; few of them each keeps all.

    Raises:
        InputError: processes have read different rows, or were given different options.
    """
    if group is None:
        return data
    asked = {
        f"the option {name}": description(value)
        for name, value in vars(options).items()
        if name not in LOCAL_OPTIONS
    }
    together(group, lambda: None, lambda _: asked)
    spread: Dataset = sharded(data, group)
    return data if are_few(cast("ShardedRows", spread.features)) else spread


def stopped_together(steps: Iterator[Pulled], group: ProcessGroup | None) -> Iterator[Pulled]:
    """The steps of a training; a signal to stop, to one process, ends it in all of them, after the same step.

    Raises:
        KeyboardInterrupt: one of the processes was interrupted.
    """
    if group is None:
        yield from steps
        return
    asked = torch.zeros(1, dtype=torch.uint8)
    with _caught(lambda *_: asked.fill_(1)):
        try:
            for step in steps:
                # All stand at the same step then, and their measures are asked of all of them.
                if any(bool(one) for one in group.gather(asked)):
                    raise KeyboardInterrupt
                yield step
        except (SoloneuronError, OSError) as fault:
            # A checkpoint that the first cannot write: the others do not listen now, and lose it.
            fault.add_note(ALONE)
            raise


def once(work: Callable[[], object], group: ProcessGroup | None) -> None:
    """Do what may fail in one process alone, such as writing, and have all know whether it did."""
    if group is None:
        work()
    else:
        together(group, work, lambda _: {})


@contextmanager
def _caught(handle: Callable[..., object]) -> Iterator[None]:
    """Have the signals handled that ask a command to stop."""
    before = {number: signal.signal(number, handle) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _place() -> tuple[int, int] | None:
    """Which process of how many this is; None where nobody has started several.

    Raises:
        InputError: what torchrun tells is not all there, or makes no sense.
    """
    there = next((name for name in VARIABLES[:2] if os.environ.get(name)), None)
    if there is None:
        return None
    missing = [name for name in VARIABLES if not os.environ.get(name)]
    if missing:
        raise InputError(
            f"{', '.join(missing)} must be set where {there} is: start several processes with torchrun "
            f"--nproc-per-node N -m soloneuron train, or unset {there}",
            code="processes.environment",
        )
    rank, size, port = (_whole(name) for name in ("RANK", "WORLD_SIZE", "MASTER_PORT"))
    if size < 1 or not 0 <= rank < size or not 0 <= port < 65536:
        raise InputError(
            "WORLD_SIZE must be >= 1, RANK from 0 to below it and MASTER_PORT a port, got "
            f"WORLD_SIZE={size}, RANK={rank} and MASTER_PORT={port}",
            code="processes.environment",
        )
    return rank, size


def _whole(name: str) -> int:
    word = os.environ[name]
    try:
        return int(word)
    except ValueError:
        raise InputError(
            f"{name} must be a whole number, got {word!r}: torchrun sets it", code="processes.environment"
        ) from None


@contextmanager
def _group(rank: int, size: int, options: Namespace) -> Iterator[None]:
    """Join the group, and leave it."""
    on_gpu = str(options.device or "").startswith("cuda")
    if "OMP_NUM_THREADS" not in os.environ:
        # What is summed over many numbers at once rounds as the threads share it.
        torch.set_num_threads(1)
    try:
        with _silence():
            _meet("nccl" if on_gpu else "gloo", timedelta(seconds=options.timeout))
    except (RuntimeError, ValueError, OSError) as fault:
        reason = next(iter(str(fault).strip().splitlines()), type(fault).__name__)
        raise ProcessError(
            f"process {rank} of {size} must find the others at {os.environ['MASTER_ADDR']}:"
            f"{os.environ['MASTER_PORT']} within {options.timeout} seconds: {reason}",
            code="processes.meeting",
        ) from fault
    try:
        yield
    finally:
        with suppress(RuntimeError):
            dist.destroy_process_group()


def _meet(backend: str, timeout: timedelta) -> None:
    """Find the others where torchrun says.

    It keeps that place when it starts all of them again; what their former lives left there would be taken
    for an answer of this one, and they would wait for the dead.
    """
    store, rank, size = next(rendezvous("env://", timeout=timeout))
    life = f"soloneuron {os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}"
    own = dist.PrefixStore(life, store)  # type: ignore[attr-defined]
    dist.init_process_group(backend, store=own, rank=rank, world_size=size, timeout=timeout)


@contextmanager
def _silence() -> Iterator[None]:
    """Nothing on stderr, also of what is written in C: torch prints where it waits and for whom."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
