"""The pages about Element say the same in both languages, and their code runs."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"
PAGES = [(DOCS / language / "element.md").read_text(encoding="utf-8") for language in ("en", "ru")]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = [code for kind, code in BLOCK.findall(PAGES[0]) if kind == "python"]


def test_the_twins_have_the_same_code_and_the_same_structure():
    blocks, structures = zip(
        *[
            (BLOCK.findall(page), re.findall(r"^#+ |^\|", BLOCK.sub("", page), re.MULTILINE))
            for page in PAGES
        ],
        strict=True,
    )
    assert blocks[0] == blocks[1]
    assert structures[0] == structures[1]


def test_the_twins_have_the_same_figures():
    english, russian = (sorted(re.findall(r"\d+\.\d", BLOCK.sub("", page))) for page in PAGES)
    assert english == russian


@pytest.mark.parametrize("code", PYTHON)
def test_every_block_runs(code):
    exec(code, {})


def test_the_printed_output_of_the_first_block_is_the_one_shown(capsys):
    exec(PYTHON[0], {})
    shown = next(text for kind, text in BLOCK.findall(PAGES[0]) if kind == "text")
    assert capsys.readouterr().out == shown
