"""Every sentence that the page and the server ask for is there, in both languages."""

import re
from pathlib import Path
from typing import get_args

import pytest

from soloneuron.data.catalogue import DATASETS
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.records.history import OutcomeKind
from soloneuron.texts import LANGUAGES, text

SOURCES = Path(__file__).parents[3] / "src" / "soloneuron"
PAGE = "\n".join(path.read_text() for path in sorted((SOURCES / "view" / "source").glob("*.ts")))
SERVER = "\n".join(path.read_text() for path in sorted((SOURCES / "playing").glob("*.py")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_for_no_sentence_that_is_missing(language):
    keys = set(re.findall(r'say\("([\w.]+)"', PAGE))
    assert len(keys) > 40
    for key in keys:
        assert text(language, f"playground.{key}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_and_judgement_has_its_sentence(language):
    faults = set(re.findall(r'playground_error\(\s*"([\w.]+)"', SERVER))
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
