"""What processes must agree on before the first step, and one sentence for all of them where they do not."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import torch

from soloneuron.errors import InputError, SoloneuronError
from soloneuron.formulas.sharded import ProcessGroup
from soloneuron.training.sharding.descriptions import description

Work = TypeVar("Work")

EVERYWHERE = "every process was told"
"""The note on an exception that is raised in all processes."""


def exchange(group: ProcessGroup, mine: str) -> list[str]:
    """What every process says, in the order of ranks; nobody says nothing."""
    sent = torch.frombuffer(bytearray(mine.encode()), dtype=torch.uint8)
    lengths = [int(length) for length in group.gather(torch.tensor([len(sent)]))]
    padded = torch.zeros(max(lengths), dtype=torch.uint8)
    padded[: len(sent)] = sent
    parts = group.gather(padded)
    return [bytes(part[:n].tolist()).decode() for part, n in zip(parts, lengths, strict=True)]


def together(
    group: ProcessGroup, work: Callable[[], Work], facts: Callable[[Work], Mapping[str, str]]
) -> Work:
    """Do something that every process does for itself; go on only if all could, and found the same.

    Args:
        group: the processes.
        work: what each does.
        facts: what must be the same of its result, by name.

    Returns:
        What this process's work gave.

    Raises:
        SoloneuronError: what one of them was refused, in all of them.
        InputError: a fact differs; it is named, and what it is where.
    """
    done, fault = None, None
    try:
        done = work()
        sent: dict[str, Any] = {"facts": dict(facts(done))}
    except (SoloneuronError, OSError) as caught:
        fault, sent = caught, {"fault": str(caught), "code": getattr(caught, "code", "")}
    refusal = _refusal([json.loads(answer) for answer in exchange(group, json.dumps(sent))], fault)
    if refusal is not None:
        refusal.add_note(EVERYWHERE)
        raise refusal
    return done  # type: ignore[return-value]


def _refusal(sent: Sequence[dict[str, Any]], own: Exception | None) -> Exception | None:
    """What the processes are sent where one was refused something, or found what the others did not."""
    if own is not None and all(other == sent[0] for other in sent):
        return own
    for rank, other in enumerate(sent):
        if "fault" in other:
            message = f"{other['fault']} (in process {rank} of {len(sent)})"
            return InputError(message, code="processes.refused", rank=rank, reason=other["code"])
    facts = [other["facts"] for other in sent]
    for name in dict.fromkeys(name for one in facts for name in one):
        found = [one.get(name, "missing") for one in facts]
        rank = next((rank for rank, other in enumerate(found) if other != found[0]), 0)
        if rank:
            return InputError(
                f"{name} must be the same in all processes, got {found[0]} in process 0 and {found[rank]} in "
                f"process {rank}",
                code="processes.differ",
                name=name,
                rank=rank,
            )
    return None


def agreed_seed(group: ProcessGroup, settings: Mapping[str, Any], fresh: Callable[[], int]) -> int:
    """Make sure that all processes are asked for the same training.

    Args:
        group: the processes.
        settings: everything that a training is asked for with, by name.
        fresh: draws a seed.

    Returns:
        The seed that they share where none was given.

    Raises:
        InputError: a setting differs.
    """
    together(group, lambda: settings, lambda asked: {name: description(asked[name]) for name in asked})
    return int(exchange(group, str(fresh()))[0])
