"""Every optimizer has its paragraph in both languages; a page needs nothing else."""

import tomllib
from pathlib import Path

import pytest

import soloneuron
from soloneuron.optimizers.catalogue import OPTIMIZERS

FOLDER = Path(soloneuron.__file__).parent / "texts"
KEYS = {"title", "short", "idea", "formula", "source", "helps", "hurts", "oracle", "differs"}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_optimizer_has_its_paragraph(language):
    texts = tomllib.loads((FOLDER / language / "optimizers.toml").read_text(encoding="utf-8"))
    assert list(texts) == list(OPTIMIZERS)
    for name, entry in texts.items():
        assert set(entry) == KEYS, name
        assert all(value.strip() for value in entry.values()), name
