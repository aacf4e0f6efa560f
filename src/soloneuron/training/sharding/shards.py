"""From rows that every process has to those that each of them keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from torch import Tensor

from soloneuron.data.arrays import as_features
from soloneuron.data.tables import column_names
from soloneuron.errors import InputError
from soloneuron.formulas.sharded import ProcessGroup, ShardedRows
from soloneuron.records.dataset import Dataset
from soloneuron.shapes import Features
from soloneuron.training.sharding.agreement import together
from soloneuron.training.sharding.descriptions import description, description_of_code, description_of_rows


def sharded(rows: Any, group: ProcessGroup) -> Any:
    """Features, a pair (features, labels) or a Dataset, whose features are then spread over the processes.

    Args:
        rows: the same in every process; what is spread already stays as it is.
        group: the processes.

    Raises:
        SoloneuronError: in every process, what one of them was refused.
        InputError: processes have different rows or different code, or one would be without rows.
    """
    if isinstance(rows, Dataset):
        spread = _spread(rows.features, group, _description_of_names(rows))
        return replace(rows, features=cast("Features", spread))
    if isinstance(rows, tuple) and len(rows) == 2:
        return _spread(rows[0], group, {}), rows[1]
    return _spread(rows, group, {})


def _spread(features: Any, group: ProcessGroup, names: dict[str, str]) -> ShardedRows:
    if isinstance(features, ShardedRows):
        return features
    columns = {"the names of columns": description(column_names(features))}

    def checked() -> Tensor:
        X = as_features(features)
        if len(X) < group.size:
            raise InputError(
                f"every process must have a row, got {len(X)} row{'s' * (len(X) > 1)} for "
                f"{group.size} processes: start fewer",
                code="processes.rows",
            )
        return X

    X = together(group, checked, lambda X: description_of_code() | description_of_rows(X, columns | names))
    spread = ShardedRows.of(X, group)
    if len(set(spread.borders)) <= group.size:
        raise InputError(
            f"every process must have a block of {spread.height} rows, got {len(X)} rows for {group.size} "
            f"processes: start {-(-len(X) // spread.height)} at most",
            code="processes.rows",
        )
    return spread


def _description_of_names(data: Dataset) -> dict[str, str]:
    return {
        "the columns": description(data.feature_names),
        "the label": description(data.label_name),
        "the classes": description(data.classes),
        "the labels": description(data.labels),
    }
