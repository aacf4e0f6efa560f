"""The rows of ``soloneuron train --stream``."""

from __future__ import annotations

from argparse import Namespace

from soloneuron.cli.columns import columns_chosen
from soloneuron.cli.reading import ask_for_label
from soloneuron.cli.screen import Screen
from soloneuron.cli.train_screen import show_classes
from soloneuron.data.tiles.derive import held_out_tiles
from soloneuron.data.tiles.stream import rows_of_files
from soloneuron.errors import InputError
from soloneuron.records.dataset import Dataset


def streamed_rows(options: Namespace, screen: Screen) -> tuple[Dataset, Dataset | None]:
    """The rows to learn from, in tiles, and those held out."""
    if options.label is None:
        ask_for_label(options.file, "soloneuron train FILE --label NAME --stream")
    given = [f"--{name}" for name in ("encode", "missing") if getattr(options, name)]
    if given:
        raise InputError(
            f"{given[0]} makes numbers of columns that are read into memory: leave it out, or leave --stream "
            "out",
            code="stream.columns",
        )
    chosen = columns_chosen(options)
    data = rows_of_files(
        options.file,
        **{name: chosen[name] for name in ("label", "features", "drop", "positive")},
        # What is scaled is scaled in 64 bits, as rows in memory are.
        narrow=options.dtype == "float32" and options.standardize is False,
        memory=options.memory,
        cache=options.cache,
    )
    show_classes(screen, data)
    if options.test_share is None:
        return data, None
    left, held = held_out_tiles(data, options.test_share, seed=options.seed)
    ones = left.labels.sum()
    if float(ones) in (0.0, len(left.labels)) and all(data.classes):
        word = data.classes[int(ones > 0)]
        screen.warn(screen.word("one_class_left", label=data.label_name, word=word))
    return left, held
