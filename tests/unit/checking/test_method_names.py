"""Which method the name of a class or a function speaks of."""

import pytest

from soloneuron.checking.student.optimizer_shapes import METHOD_NAMES, method_named
from soloneuron.optimizers.catalogue import OPTIMIZERS


@pytest.mark.parametrize("method", OPTIMIZERS)
def test_every_optimizer_of_the_catalogue_is_named_by_its_class_and_by_its_name(method):
    names = {OPTIMIZERS[method].rpartition(":")[2], method, method.replace("_", "")}
    assert {name: method_named(name) for name in names} == dict.fromkeys(names, method)


def test_every_method_that_a_name_speaks_of_is_one_of_the_catalogue():
    assert {method for method, _ in METHOD_NAMES} == {*OPTIMIZERS}


@pytest.mark.parametrize("name", ["Dogma", "Watchdog", "Optimizer", "Neuron", "fit"])
def test_a_name_that_speaks_of_no_method_names_none(name):
    assert method_named(name) == ""
