"""Recipes out of plain values; a field that no recipe has is refused, for it would change the training."""

from __future__ import annotations

from difflib import get_close_matches
from math import inf
from typing import Any

from soloneuron.records.recipe import Recipe
from soloneuron.storage.codec import as_json
from soloneuron.storage.location import Location, located_values

_HERE = Location(path="recipe")
_ELSEWHERE = {"learning_rate": "optimizer.settings.learning_rate"}


def recipe_from_json(value: Any, location: Location = _HERE) -> Recipe:
    """A recipe out of plain values.

    Args:
        value: an object with some of a recipe's fields; those that it leaves out have their defaults.
        location: where it stands, for messages.

    Raises:
        RecordError: a field that no recipe has, with the nearest one; or what does not hold what it must.

    Example:
        >>> recipe_from_json({"loss": {"name": "focal", "settings": {"gamma": 0.0}}}).loss.settings
        {'gamma': 0.0}
    """
    recipe = location.read(Recipe, value)
    _check_names(value, as_json(recipe), location)
    for name, least in (("epochs", 0), ("batch_size", 1), ("record_every", 1)):
        count = getattr(recipe, name)
        location[name].must(count is None or count >= least, f"be >= {least}", count)
    share, weight = recipe.test_share, recipe.class_weight
    location["test_share"].must(share is None or 0 < share < 1, "lie between 0 and 1", share)
    known = weight in (None, "balanced")
    fits = all(0 <= one < inf for one in weight) if isinstance(weight, tuple) else known
    location["class_weight"].must(fits, "be null, balanced, or two finite numbers >= 0", str(weight))
    for inside, found in located_values(recipe, location):
        inside.must(not isinstance(found, float), "be a finite number", found)
    return recipe


def _check_names(value: Any, known: Any, location: Location) -> None:
    """Whatever stands in a recipe stands there again when it is written."""
    if not (isinstance(value, dict) and isinstance(known, dict)):
        return
    for name, inner in value.items():
        if name not in known:
            near = get_close_matches(name, [*known, *_ELSEWHERE], n=1, cutoff=0.5)
            nearest = f"did you mean {_ELSEWHERE.get(near[0], near[0])!r}?" if near else ""
            wanted = f"be a field that it has: {nearest or ', '.join(known)}"
            raise location[name].fault(wanted, code="recipe.unknown")
        _check_names(inner, known[name], location[name])
