"""``soloneuron train --checkpoint FILE --every K``."""

from __future__ import annotations

from argparse import Namespace

from soloneuron.errors import InputError
from soloneuron.formulas.sharded import ProcessGroup
from soloneuron.records.recipe import Recipe
from soloneuron.training.checkpoints import with_checkpoint
from soloneuron.training.session import Training


def keep_checkpoints(
    options: Namespace, training: Training, recipe: Recipe, group: ProcessGroup | None
) -> None:
    """Keep a training in the file that was asked for, and let it go on from there.

    Args:
        options: as they were parsed.
        training: that has not begun.
        recipe: how it is done, with what was done to its rows before.
        group: the processes that train together; None is this one alone.

    Raises:
        InputError: ``--every`` without ``--checkpoint``.
        RecordError: the file is no checkpoint of this training.
    """
    if options.checkpoint is not None:
        with_checkpoint(training, options.checkpoint, every=options.every, recipe=recipe, group=group)
    elif options.every is not None:
        raise InputError(
            f"--every {options.every} needs a file: --checkpoint FILE --every {options.every}",
            code="checkpoint.path",
        )
