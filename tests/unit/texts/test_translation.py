"""What the code says in English has its Russian, with the same values in it."""

import argparse
import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

import soloneuron
from english_sentences import coded_faults, sentences
from soloneuron.cli.parser import make_parser
from soloneuron.errors import InputError, MissingExtraError, UnknownNameError
from soloneuron.texts.translation import TABLES, translated

FOLDER = Path(soloneuron.__file__).parent / "texts" / "russian"
RUSSIAN = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")) for name in TABLES}
ALL = {english: said for table in RUSSIAN.values() for english, said in table.items()}
SAID = [*sentences()]
CODED = {f"{room}.{name}" for room, names in soloneuron.texts.table("ru", "faults").items() for name in names}
"""Codes with a sentence of their own, which the fields of the exception fill."""


def test_every_sentence_with_which_the_code_refuses_has_its_russian():
    missing = {sentence: place for sentence, code, place in SAID if sentence not in ALL and code not in CODED}
    assert missing == {}


def test_what_the_sentence_of_a_code_is_filled_with_is_given_where_it_is_raised():
    lacking = {}
    for place, code, given in coded_faults():
        sentence = soloneuron.texts.table("ru", "faults")
        for word in code.split("."):
            sentence = sentence.get(word, {}) if isinstance(sentence, dict) else {}
        if isinstance(sentence, str):
            used = {field.partition("!")[0] for _, field, _, _ in Formatter().parse(sentence) if field}
            if not used <= given:
                lacking[place] = (code, used - given)
    assert lacking == {}


@pytest.mark.parametrize("table", ["data", "library"])
def test_no_russian_is_kept_of_a_sentence_that_nobody_says(table):
    assert set(RUSSIAN[table]) - {sentence for sentence, _, _ in SAID} == set()


def test_no_english_sentence_stands_in_two_tables():
    assert sum(map(len, RUSSIAN.values())) == len(ALL)


def test_the_russian_fits_the_values_of_the_english_and_is_russian():
    for english, said in ALL.items():
        asked = [field for _, field, _, _ in Formatter().parse(said) if field is not None]
        places = [int(field) if field else i for i, field in enumerate(asked)]
        assert all(place < english.count("{}") for place in places), english
        bare = re.sub(r"\{[^}]*\}", "", said)
        assert re.search("[а-яё]", bare) or not re.search("[a-z]{3}", bare), english


SPOKEN = {
    "cannot write no/x: the folder no does not exist": "нельзя записать no/x: папки no нет",
    "cannot read a; b.csv: Is a directory": "нельзя прочитать a; b.csv: это папка",
    "cannot write m.json: No space left on device; kept as /tmp/s/m.json": (
        "нельзя записать m.json: на диске нет места; сохранено: /tmp/s/m.json"
    ),
    "argument --epochs: must be a whole number >= 0, got '{}'": (
        "аргумент --epochs: это целое число не меньше 0, получено '{}'"
    ),
    "class_weight must be None, 'balanced' or {0: number, 1: number}, got 3": (
        "class_weight — None, 'balanced' или {0: число, 1: число}, получено 3"
    ),
    "nobody says this": "nobody says this",
    "": "",
}


@pytest.mark.parametrize("english", SPOKEN)
def test_a_sentence_is_said_in_russian_with_its_values_and_its_reason(english):
    assert translated(english, "ru") == SPOKEN[english]
    assert translated(english, "en") == english


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            UnknownNameError("optimizer", "adm", ["adam"]),
            "нет такого имени: 'adm' (метод); возможно, 'adam'",
        ),
        (UnknownNameError("column", "zzz", ["a", "b"]), "нет такого имени: 'zzz' (столбец). Есть: a, b"),
        (MissingExtraError("the playground", "play"), "pip install 'soloneuron[play]'"),
        (InputError("cannot read x: Permission denied", code="input.failed"), "нельзя прочитать x: нет прав"),
    ],
)
def test_an_exception_is_said_in_russian(fault, said):
    assert said in translated(str(fault), "ru")


def test_a_sentence_of_no_table_takes_time_that_grows_with_its_length_alone():
    assert translated("got {}: , " * 20_000, "ru")


def actions(parser):
    yield parser
    for action in parser._actions:
        for inner in action.choices.values() if isinstance(action, argparse._SubParsersAction) else ():
            yield from actions(inner)


ENGLISH = re.compile(r"\b(the|of|and|or|with|that|them|it|in|is|not|no)\b")
"""Words that only an English sentence has: one of its values or pieces alone may have been translated."""


def test_every_help_has_its_russian():
    names = re.compile(r"\w+(, \w+)*")
    helps = {
        said
        for parser in actions(make_parser())
        for said in (parser.description, parser.epilog, *(action.help for action in parser._actions))
        if said and not names.fullmatch(said)
    }
    options = soloneuron.texts.table("en", "options").values()
    shapes = [re.compile(re.sub(r"\\\{.*?\\\}", ".*", re.escape(said))) for said in options]
    missing = {
        said
        for said in helps
        if (translated(said, "ru") == said or ENGLISH.search(translated(said, "ru")))
        and not any(s.fullmatch(said) for s in shapes)
    }
    assert missing == set()
