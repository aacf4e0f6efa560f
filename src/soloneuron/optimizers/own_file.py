"""Somebody's own rule in a file: ``mine.py:Signs``."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from zlib import crc32

from soloneuron.errors import InputError
from soloneuron.optimizers.base import Optimizer


def optimizer_of_file(place: str) -> Optimizer:
    """The rule that a class in a file describes; the file is run as ``import`` would run it.

    Args:
        place: ``FILE.py:CLASS``, or the name of an instance in the place of a class.

    Raises:
        InputError: there is no such file, it does not import, or has no such rule.
    """
    file, _, name = place.rpartition(":")
    module = _imported(Path(file))
    found = getattr(module, name, None)
    if isinstance(found, type) and issubclass(found, Optimizer):
        try:
            return found()
        except (Exception, SystemExit) as fault:
            raise InputError(
                f"{file} must have a class {name} that needs no arguments: {_kind(fault)}",
                code="file_rule.arguments",
            ) from None
    if isinstance(found, Optimizer):
        return found
    own = [
        key
        for key, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Optimizer) and value.__module__ == module.__name__
    ]
    listed = ", ".join(own) or "none"
    if not name:
        raise InputError(
            f"{file} must have an Optimizer by name, FILE.py:CLASS; it has {listed}", code="file_rule.unnamed"
        )
    raise InputError(f"{file} must have an Optimizer called {name}; it has {listed}", code="file_rule.name")


def _imported(file: Path) -> ModuleType:
    if not file.is_file():
        raise InputError(f"there is no file {file}", code="file_rule.missing")
    # Under a name of its own it can neither hide a module nor be hidden by one; pickles find it again.
    name = f"soloneuron_rule_{file.stem}_{crc32(bytes(file.resolve())):08x}"
    source = file.read_bytes()
    # Run once as import would, or classes of one file would not be the same from one name to the next.
    known = sys.modules.get(name)
    if known is not None and vars(known).get("__source__") == source:
        return known
    spec = spec_from_file_location(name, file)
    assert spec is not None, "a file that ends in .py has a loader"
    module = module_from_spec(spec)
    sys.modules[name] = module
    # A file may import its neighbors, as it could if Python ran it.
    sys.path.append(str(file.parent.resolve()))
    try:
        # Not by the loader, which leaves its bytecode beside somebody's file.
        exec(compile(source, file, "exec"), vars(module))
    except (Exception, SystemExit) as fault:
        del sys.modules[name]
        raise InputError(f"{file} does not import: {_kind(fault)}", code="file_rule.import") from None
    finally:
        sys.path.pop()
    vars(module)["__source__"] = source
    return module


def _kind(fault: BaseException) -> str:
    return f"{type(fault).__name__}: {' '.join(str(fault).split())}"
