"""Templates escape by themselves, stop at what they were not given, and speak one language."""

import json
import sys

import pytest
from jinja2 import UndefinedError

from soloneuron.errors import MissingExtraError
from soloneuron.texts import LANGUAGES, text
from soloneuron.texts.phrases import Phrase
from soloneuron.view.rendering import templates


def filled(source, language="en", **fields):
    return templates("soloneuron.view", language).from_string(source).render(**fields)


def test_a_value_is_escaped_in_text_and_in_an_attribute():
    assert filled('<a b="{{ x }}">{{ x }}', x="\"'<&") == '<a b="&#34;&#39;&lt;&amp;">&#34;&#39;&lt;&amp;'


def test_a_name_that_a_template_was_not_given_is_no_empty_text():
    with pytest.raises(UndefinedError, match="nowhere"):
        filled("{{ nowhere }}")


def test_json_in_a_script_element_cannot_end_it_and_keeps_its_order():
    value = {"z": "</script><!--", "a": "я\u2028'&"}
    written = filled("{{ x | tojson }}", x=value)
    assert "<" not in written
    assert "я" in written
    assert list(json.loads(written).items()) == list(value.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_in_the_language_of_the_page(language):
    said = text(language, "losses.mse.title")
    assert filled('{{ text("losses.mse.title") }}', language) == said
    assert (
        filled("{{ x | say }}, {{ y | say }}", language, x=Phrase("losses.mse.title"), y="y") == said + ", y"
    )


def test_without_jinja2_the_extra_that_brings_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"soloneuron\[report\]"):
        templates.__wrapped__("soloneuron.view", "en")
