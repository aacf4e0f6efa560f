"""The pages about Element say the same in both languages, and their code runs."""

import re
from pathlib import Path
from textwrap import indent

import pytest

from soloneuron.element import one_screen

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


def test_the_printed_output_of_the_assignment_is_the_one_shown(capsys):
    blocks = BLOCK.findall(PAGES[0])
    place = next(i for i, (kind, text) in enumerate(blocks) if kind == "text" and "Element(data=2" in text)
    exec(blocks[place - 1][1], {})
    assert capsys.readouterr().out == blocks[place][1]


def test_the_sweep_that_is_shown_is_the_one_of_the_file():
    shown = next(text for kind, text in BLOCK.findall(PAGES[0]) if kind == "text")
    assert indent(shown, " " * 8) in Path(one_screen.__file__).read_text(encoding="utf-8")
