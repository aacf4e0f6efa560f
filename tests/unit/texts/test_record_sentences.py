"""What must stand in a file of ours is said in Russian without a word of English."""

import ast
import re
from pathlib import Path

import pytest

import soloneuron
from english_sentences import called, template
from soloneuron.texts.translation import translated

STORAGE = Path(soloneuron.__file__).parent / "storage"
CALLS = [
    node
    for path in STORAGE.glob("*.py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Call) and called(node) in ("must", "fault")
]
SAID = sorted(
    {
        (found, len(node.args) > at + 1)
        for node in CALLS
        for at in [called(node) == "must"]
        if len(node.args) > at and (found := template(node.args[at])) and " " in found
    }
)
"""What follows "must", with ``{}`` for its values, and whether what came is said, too."""

NAMES = "null|true|false|balanced|bias|columns|data|epochs|feature_names|field|float32|float64|json|labels"
NAMES += "|recipe|soloneuron|sum|theta|weights"


@pytest.mark.parametrize(("must", "with_came"), SAID)
def test_the_sentence_about_a_field_is_russian(must, with_came):
    filled = must.replace("be {}, all", "be two words, all").replace("{}s,", "epochs,").replace("{}", "7")
    said = translated(f"sum[0].field in 7.json must {filled}{', got a list of 3' * with_came}", "ru")
    left = re.findall("[a-z]{2,}", re.sub(rf"'[^']*'|\b({NAMES})\b", "", said))
    assert left == [], said


def test_there_are_sentences_about_fields():
    assert len(SAID) > 25
