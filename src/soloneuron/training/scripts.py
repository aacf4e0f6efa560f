"""A recipe as a short Python script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from soloneuron.catalogues import Catalogue
from soloneuron.data.assignment import START
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.optimizers.catalogue import OPTIMIZERS, SCHEDULES
from soloneuron.records.recipe import Part, Recipe, Value
from soloneuron.records.spellings import SPELLINGS
from soloneuron.training.repeating import (
    RowsFile,
    refuse_untellable,
    unusual_hyperparameters,
    unusual_settings,
)

LINE_WIDTH = 100
"""Letters of a line of the script, but for what is longer in itself."""


def python_of(recipe: Recipe, rows: RowsFile | None = None, *, start: Sequence[float] | None = None) -> str:
    """A script that trains by a recipe and leaves the result in ``run``; defaults of ``fit`` are left out.

    Args:
        recipe: how.
        rows: of which file; None for the assignment's five points.
        start: theta before the first update; None for zeros, and for the assignment's points its own start.

    Returns:
        Lines of Python that end in a line break.

    Raises:
        InputError: a part is somebody's own object, or the rows had weights of their own.

    Example:
        >>> print(python_of(Recipe(optimizer=Part("adam", {"beta1": 0.8}), epochs=20), start=[0, 0, 0]))
        from soloneuron import Adam, assignment_data, fit
        <BLANKLINE>
        data = assignment_data()
        run = fit(data, initial=[0, 0, 0], optimizer=Adam(beta1=0.8), epochs=20)
        <BLANKLINE>
    """
    refuse_untellable(recipe)
    script = _Script(recipe)
    lines = script.data_lines(rows)
    if start is None and rows is None:
        weights, bias = START
        start = [*weights, bias] if recipe.bias else [*weights]
    arguments = ["data", *([] if start is None else [f"initial={[*start]}"]), *script.arguments()]
    call = f"run = fit({', '.join(arguments)})"
    if len(call) > LINE_WIDTH:
        call = "\n".join(["run = fit(", *(f"    {argument}," for argument in arguments), ")"])
    return "\n".join([*script.imports(), "", *lines, call]) + "\n"


class _Script:
    """Collects what a script must import while its lines are written."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._names: dict[str, set[str]] = {"soloneuron": {"fit"}}
        self._torch = False

    def imports(self) -> list[str]:
        """The lines of imports, the library's own last."""
        lines = ["import torch"] if self._torch else []
        lines += [
            f"from {module} import {', '.join(sorted(self._names[module]))}" for module in sorted(self._names)
        ]
        standard = [line for line in lines if line.startswith("from dataclasses")]
        return [*standard, *(line for line in lines if line not in standard)]

    def data_lines(self, rows: RowsFile | None) -> list[str]:
        """Where the rows come from, and what is done to them before."""
        if rows is None:
            lines = [f"data = {self._use('soloneuron', 'assignment_data')}()"]
        else:
            given = {"label": rows.label, "features": [*rows.features], "drop": [*rows.drop]}
            said: dict[str, Any] = {name: value for name, value in given.items() if value}
            said |= {} if rows.positive is None else {"positive": rows.positive}
            said |= {"encode": True} if rows.encode else {}
            said |= {} if rows.missing is None else {"missing": rows.missing}
            reads = self._use("soloneuron", "read_dataset")
            lines = [f"data = {reads}({', '.join([repr(rows.path), *_named(said)])})"]
        recipe, module = self._recipe, "soloneuron.data.preparation"
        if recipe.test_share is not None:
            splits = self._use(module, "hold_out")
            lines.append(f"data, held = {splits}(data, {recipe.test_share!r}, seed={recipe.split_seed})")
        if recipe.standardize:
            scales, measures = self._use(module, "standardize"), self._use(module, "measure_scaling")
            changes = self._use("dataclasses", "replace")
            lines.append(f"scaling = {measures}(data)")
            lines.append(f"data = {changes}(data, features={scales}(data.features, scaling))")
        return lines

    def arguments(self) -> list[str]:
        """The keywords of ``fit`` that are not its defaults."""
        recipe, found = self._recipe, []
        for row in SPELLINGS:
            if row.keyword is None or row.place in ("objective", "sample_weight"):
                continue
            words = self._value(row.place)
            if words != repr(row.keyword.default) and not (row.place == "seed" and recipe.seed is None):
                found.append(f"{row.keyword.name}={words}")
        return found

    def _value(self, place: str) -> str:
        """What the recipe says in a place of the table, in Python."""
        recipe = self._recipe
        if place == "optimizer.learning_rate":
            return self._words(unusual_hyperparameters(recipe).get("learning_rate"))
        value = getattr(recipe, place)
        if isinstance(value, Part):
            return self._part(value)
        if place == "dtype":
            # Rows of a file have 64 bits, and dtype follows them.
            self._torch |= value != "float64"
            return repr(None) if value == "float64" else f"torch.{value}"
        by_class = place == "class_weight" and isinstance(value, tuple)
        return repr(dict(enumerate(value)) if by_class else value)

    def _part(self, part: Part) -> str:
        """A part by its name, or as an object where it has settings of its own."""
        recipe = self._recipe
        catalogue: Catalogue = OPTIMIZERS
        if part is recipe.optimizer:
            settings = unusual_hyperparameters(recipe)
            settings.pop("learning_rate", None)
        else:
            catalogue = LOSSES if part is recipe.loss else PENALTIES
            settings = unusual_settings(part, catalogue)
        if not settings:
            return repr(part.name)
        name = self._use("soloneuron", catalogue[part.name].partition(":")[2])
        return f"{name}({', '.join(f'{key}={self._words(value)}' for key, value in settings.items())})"

    def _words(self, value: Value | Part) -> str:
        """A value in Python."""
        if isinstance(value, tuple):
            self._torch = True
            return f"torch.tensor({[*value]}, dtype=torch.float64)"
        if isinstance(value, Part):
            module, _, name = SCHEDULES[value.name].partition(":")
            return f"{self._use(module, name)}({', '.join(_named(dict(value.settings)))})"
        return repr(value)

    def _use(self, module: str, name: str) -> str:
        self._names.setdefault(module, set()).add(name)
        return name


def _named(values: dict[str, Any]) -> list[str]:
    return [f"{name}={value!r}" for name, value in values.items()]
