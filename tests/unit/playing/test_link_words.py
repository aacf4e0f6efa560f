"""The page's link is one of the spellings of a training."""

from dataclasses import fields

import pytest

from soloneuron.errors import InputError
from soloneuron.playing.config import Config
from soloneuron.playing.link import read_link
from soloneuron.playing.link_words import CHANGE_READERS, WORD_READERS, WORD_WRITERS
from soloneuron.playing.race import LiveRace
from soloneuron.records.recipe import Part
from soloneuron.records.spellings import SPELLINGS
from soloneuron.texts import text
from soloneuron.training.recipes import recipe_of_plan

OF_THE_PAGE = {"surface", "data", "points", "names", "noise", "start", "terms", "test", "step", "lesson"}
"""Words that say surface or rows, columns, start and what is shown, which a recipe does not hold."""


def test_every_word_of_a_link_says_a_thing_of_the_recipe_or_of_the_page():
    said = {row.link for row in SPELLINGS if row.link is not None}
    assert said | OF_THE_PAGE == {field.name for field in fields(Config)} - {"changes"} == set(WORD_READERS)
    assert not said & OF_THE_PAGE
    assert set(WORD_WRITERS) <= set(CHANGE_READERS)


LINKS = {
    "loss": ("loss=hinge", "loss", Part("hinge")),
    "optimizers": ("optimizers=adam:0.25:beta1=0.5", "optimizer", "adam"),
    "batch": ("batch=8", "batch_size", 8),
    "seed": ("batch=8&seed=5", "seed", 5),
    "l2": ("l2=0.5", "penalty", Part("l2", {"strength": 0.5, "penalize_bias": False})),
    "bias": ("bias=1", "bias", True),
}


@pytest.mark.parametrize("word", sorted({row.link for row in SPELLINGS if row.link is not None}))
def test_what_a_word_says_stands_in_the_recipe_of_the_runner(word):
    link, field, wanted = LINKS[word]
    runner = LiveRace(read_link(link)).runners[0]
    found = getattr(recipe_of_plan(runner.plan, epochs=1), field)
    assert (found.name if word == "optimizers" else found) == wanted
    if word == "optimizers":
        assert found.settings["learning_rate"] == 0.25
        assert found.settings["beta1"] == 0.5


@pytest.mark.parametrize(
    ("link", "russian"),
    [
        ("%", "Эту ссылку не прочесть: %. В ней должны быть слова вида data=xor&batch=8."),
        ("l2=", 'l2 должно быть числом от 0 до 10, получено "".'),
        ("batch=", 'batch не может быть "". Возможны 1, 8, 32, all.'),
    ],
)
def test_a_refusal_is_russian_throughout_and_shows_what_is_empty(link, russian):
    with pytest.raises(InputError) as told:
        read_link(link)
    fault = told.value
    assert text("ru", fault.code.replace("playground.", "playground.errors."), **fault.fields) == russian
