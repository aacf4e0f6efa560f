"""Every sentence that the page and Python's side of it ask for is there, in both languages."""

import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from soloneuron.data.catalogue import DATASETS
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.page_data import page_words
from soloneuron.records.history import OutcomeKind
from soloneuron.texts import LANGUAGES, text

SOURCES = Path(__file__).parents[3] / "src" / "soloneuron"
SOURCE = SOURCES / "view" / "source"
PAGE = "\n".join(path.read_text() for path in sorted(SOURCE.rglob("*.ts")))
DESCRIPTION = (SOURCE / "session" / "description.ts").read_text()
PYTHON = "\n".join(path.read_text() for path in sorted((SOURCES / "playing").glob("*.py")))


carried = cache(page_words)


def told(language, key):
    """The sentence behind a key among those that the page carries; a KeyError if there is none."""
    found = carried(language)["table"]
    for part in key.split("."):
        found = found[part]
    assert isinstance(found, str), key
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_for_no_sentence_that_is_missing(language):
    asked = set(re.findall(r'(?<!this\.)(?<!said\.)\bsay\("([\w.]+)"', PAGE))
    described = set(re.findall(r'(?:said|this)\.say\("([\w.]+)"', DESCRIPTION))
    named = set(re.findall(r'\.of\("([\w.]+)"', PAGE))
    assert {"curve.moved", "csv.sampled", "saved.finished"} <= asked
    assert {"lost", "thinned", "alone"} <= described
    assert len(asked) > 100
    for key in [f"playground.{key}" for key in asked] + [f"replay.{key}" for key in described] + [*named]:
        assert told(language, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_of_the_page_has_its_sentence(language):
    plain = set(re.findall(r'new Refusal\(\s*"([\w.]+)"', PAGE))
    # Of a choice between two words the code is both.
    either = re.findall(r'new Refusal\(`([\w.]+)\$\{[^}`]*\? "(\w+)" : "(\w+)"\}`', PAGE)
    assert len(plain) + len(either) == len({*re.findall(r"new Refusal\(([^,)]+)", PAGE)})
    codes = plain | {start + end for start, *ends in either for end in ends}
    assert {"playground.csv.workbook", "playground.points.none", "playground.points.data"} <= codes
    for code in codes:
        room, key = code.split(".", 1)
        assert room == "playground"
        assert told(language, f"playground.errors.{key}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_and_judgement_has_its_sentence(language):
    faults = set(re.findall(r'playground_error\(\s*"([\w.]+)"', PYTHON))
    assert len(faults) > 15
    codes = {*get_args(OutcomeKind), "learned", "running"} - {"finished", "stopped"}
    for key in [f"errors.{fault}" for fault in faults] + [f"judged.{code}" for code in codes]:
        assert text(language, f"playground.{key}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_the_catalogues_has_its_words(language):
    for name in DATASETS:
        assert text(language, f"data.{name}.title")
        assert text(language, f"data.{name}.idea")
    for name in OPTIMIZERS:
        assert text(language, f"optimizers.{name}.short")
