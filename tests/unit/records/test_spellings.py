"""The table of spellings: recipe, ``fit``, estimator and command line can say the same things."""

import inspect
import subprocess
import sys
from dataclasses import fields

import pytest

from soloneuron.estimator import NeuronClassifier
from soloneuron.records.recipe import Recipe
from soloneuron.records.spellings import PARAMETERS, ROWS_AND_START, SPELLINGS, STOPPING, spelling
from soloneuron.result.fitting import fit
from soloneuron.texts import LANGUAGES, table


def defaults(function):
    """Parameters of a function with their defaults."""
    found = inspect.signature(function).parameters
    return {name: parameter.default for name, parameter in found.items() if name != "self"}


def test_every_field_of_the_recipe_has_a_row_and_no_row_is_about_something_else():
    places = [row.place for row in SPELLINGS]
    assert len(set(places)) == len(places)
    named = {field.name for field in fields(Recipe)}
    assert {place for place in places if "." not in place} == named
    assert {place.partition(".")[0] for place in places if "." in place} <= named | {"*"}


def test_the_keywords_of_fit_and_their_defaults_are_those_of_the_table():
    told = dict(row.keyword for row in SPELLINGS if row.keyword is not None)
    assert told == {name: value for name, value in defaults(fit).items() if name not in ROWS_AND_START}


def test_the_parameters_of_the_estimator_and_their_defaults_are_those_of_the_table():
    told = dict(row.parameter for row in SPELLINGS if row.parameter is not None)
    found = defaults(NeuronClassifier.__init__)
    assert set(STOPPING) <= set(found)
    assert told == {name: value for name, value in found.items() if name not in STOPPING}


def test_the_estimator_has_words_of_its_own_for_three_things():
    assert PARAMETERS["bias"] == "fit_intercept"
    assert PARAMETERS["seed"] == "random_state"
    assert spelling("penalty.strength").parameter.name == "alpha"
    others = {keyword: parameter for keyword, parameter in PARAMETERS.items() if keyword != parameter}
    assert set(others) == {"bias", "seed"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_is_explained_in_both_languages(language):
    assert set(table(language, "options")) == {row.option.name for row in SPELLINGS if row.option is not None}


def test_the_table_does_not_wait_for_torch():
    code = "import sys, soloneuron.records.spellings; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
