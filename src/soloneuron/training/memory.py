"""What a run keeps, and whether the machine has room for it."""

from __future__ import annotations

import os

from soloneuron.errors import InputError


def machine_memory() -> int | None:
    """The bytes of memory that the machine has; None where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def check_records(epochs: int, every: int, columns: int) -> None:
    """Refuse a run that would keep more thetas than the memory holds.

    Args:
        epochs: of the run.
        every: epochs between two records.
        columns: numbers of a theta.

    Raises:
        InputError: it would.
    """
    memory, records = machine_memory(), epochs // every
    wanted = 8 * records * (columns + 4)  # with value, accuracy, gradient norm and epoch
    if memory is not None and wanted > memory:
        raise InputError(
            f"what a run keeps must fit the memory, got {records} records, which take about "
            f"{wanted / 1e9:.1f} GB of {memory / 1e9:.1f} GB: take fewer epochs, or record_every larger",
            code="records.memory",
            records=records,
            bytes=wanted,
            memory=memory,
        )
