"""The page's generated mathematics is what the library's formulas make."""

from pathlib import Path

import pytest

from soloneuron.webmath.generated import GENERATED

FOLDER = Path(__file__).parents[2] / "src" / "soloneuron" / "view" / "source" / "generated"


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_file_is_what_the_formulas_make(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == GENERATED[name](), "run scripts/generate"
