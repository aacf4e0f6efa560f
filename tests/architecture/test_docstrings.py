"""Every example in a docstring prints what it shows."""

import doctest
import pkgutil
import warnings
from importlib import import_module

import pytest

import soloneuron

MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(soloneuron.__path__, "soloneuron.")
    if not found.name.endswith("__main__") and "node_modules" not in found.name
)


def examples(name):
    module = import_module(name)
    finder = doctest.DocTestFinder(exclude_empty=True)
    return [test for test in finder.find(module, name) if test.examples]


@pytest.mark.parametrize("room", sorted({name.split(".")[1] for name in MODULES}))
def test_the_examples_of_a_room_print_what_they_show(room, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    failed = []
    for name in MODULES:
        if name.split(".")[1] != room:
            continue
        for test in examples(name):
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
            said = []
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                runner.run(test, out=said.append)
            if runner.failures:
                failed.append("".join(said))
    assert not failed, "\n".join(failed)


def test_there_are_examples_to_run():
    assert sum(len(examples(name)) for name in MODULES) > 60
