"""Model files: a trained neuron as a JSON that people can read, and edit."""

from __future__ import annotations

from pathlib import Path

from soloneuron.records.columns import encoded_names
from soloneuron.records.model import ModelRecord
from soloneuron.storage.codec import MODEL, as_json, read_file, write_file
from soloneuron.storage.format1 import model_of_format_1
from soloneuron.storage.location import Location
from soloneuron.storage.recipes import recipe_from_json


def write_model(model: ModelRecord, path: str | Path) -> None:
    """Write a model file.

    Args:
        model: what to keep.
        path: where to; its folder must exist.

    Raises:
        InputError: the path cannot be written, or a number of the model is not finite.
    """
    write_file(path, MODEL, as_json(model, finite=True))


def read_model(path: str | Path) -> ModelRecord:
    """Read a model file; everything in it is checked.

    Args:
        path: a file written by ``write_model`` or ``soloneuron train -o``.

    Returns:
        The model.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is not a model file, or a location does not hold what it must; it is named.
    """
    location = Location(str(path))
    version, body = read_file(path, MODEL)
    plain = model_of_format_1(body, location) if version == 1 else body
    model = location.read(ModelRecord, plain)
    # Without its scaling a model would predict, but wrongly.
    location.must("scaling" in plain, "have the field 'scaling'", code="record.missing")
    recipe_from_json(plain.get("recipe", {}), location["recipe"])
    check_names(model.feature_names, model.classes, location)
    size, scaling, label = len(model.weights), model.scaling, model.label_name
    columns = [(location["feature_names"], len(model.feature_names))]
    if scaling is not None:
        columns += [(location["scaling"][name], len(getattr(scaling, name))) for name in ("mean", "scale")]
        for i, scale in enumerate(scaling.scale):
            location["scaling"]["scale"][i].must(scale > 0, "be > 0", scale)
    for inside, count in columns:
        inside.must(count == size, f"be a list of {size}, as long as weights", f"a list of {count}")
    _check_columns(model, location)
    location["label_name"].must(label not in model.feature_names, "not be one of the features", label)
    for name, count in (("rows", model.rows), ("epochs_done", model.epochs_done)):
        location[name].must(count >= 0, "be >= 0", count)
    return model


def _check_columns(model: ModelRecord, location: Location) -> None:
    """The rest of the classes, and encodings that make just the features of the model of what they know."""
    for i, word in enumerate(model.rest):
        location["rest"][i].must(word != model.classes[1], "not be the class 1", word)
    seen: set[str] = set()
    for i, column in enumerate(model.columns):
        inside, count = location["columns"][i], len(column.categories)
        inside["name"].must(column.name not in seen, "be a name of its own", column.name)
        seen.add(column.name)
        wanted = {"ordinal": "two words", "one_hot": "words"}.get(column.kind, "no words")
        fits = {"ordinal": count == 2, "one_hot": count > 0}.get(column.kind, count == 0)
        inside["categories"].must(fits, f"be {wanted}, all different, for a column of the kind {column.kind}")
        inside["categories"].must(
            len(set(column.categories)) == count, "be words of which no two are the same"
        )
        words, fill = column.kind in ("ordinal", "one_hot"), column.fill
        known = fill in column.categories if isinstance(fill, str) else not words and fill is not None
        known = known or (fill is None and (column.gaps != "fill" or column.kind == "one_hot"))
        inside["fill"].must(known, "be one of the categories" if words else "be a number", fill)
    wanted_names = encoded_names(model.columns) if model.columns else model.feature_names
    location["feature_names"].must(
        model.feature_names == wanted_names,
        f"be the names that columns make: {', '.join(wanted_names)[:200]}",
    )


def check_names(features: tuple[str, ...], classes: tuple[str, str], location: Location) -> None:
    """No two features of one name, and two classes that differ.

    Raises:
        RecordError: with the location of the second of one name.
    """
    for field, names in (("feature_names", features), ("classes", classes)):
        seen: set[str] = set()
        for i, name in enumerate(names):
            location[field][i].must(name not in seen, "be a name of its own", name)
            seen.add(name)
