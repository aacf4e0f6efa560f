"""What is read of JSON is what stands there; every fault is one sentence with its location, at once."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.errors import RecordError
from soloneuron.storage import json_text
from soloneuron.storage.json_text import DEEPEST, parse

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**300), 10**300)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_what_is_read_is_what_stands_there(value, ascii_only, indent):
    content = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert parse(content.encode(), "f.json") == value


FAULTS = {
    "a field twice": (
        b'{"a": 1, "b": [{"c": 1, "d": 2, "c": 3}]}',
        "b[0] in f.json must have every field once, got 'c'",
    ),
    "a field twice at the top": (b'{"a": 1, "a": 2}', "f.json must have every field once, got 'a' twice"),
    "a field twice in two spellings": (b'{"a": 1, "\\u0061": 2}', "every field once, got 'a' twice"),
    "a field twice around another": (b'{"a": 1, "b": {"a": 1}, "a": 2}', "f.json must have every field once"),
    "nan": (b'{"h": {"t": [1, {"b": NaN}]}}', "h.t[1].b in f.json must be a finite number, got nan"),
    "minus infinity": (b'{"h": [0.5, -Infinity]}', "h[1] in f.json must be a finite number, got -inf"),
    "1e400": (b'{"h": [1, 1e400]}', "h[1] in f.json must be a finite number, got inf"),
    "400 digits": (b'{"h": [' + b"1" * 400 + b"]}", "h[0] in f.json must be a finite number, got 111"),
    "5000 digits": (
        b'{"h": ' + b"1" * 5000 + b"}",
        "f.json is not valid JSON: it holds a number without end",
    ),
    "half a letter": (b'{"h": ["\\ud800"]}', "h[0] in f.json must be a text, got \\ud800"),
    "the other half": (b'{"h": "\\udfff!"}', "h in f.json must be a text, got \\udfff!"),
    "two first halves": (b'{"h": "\\ud800\\ud800"}', "h in f.json must be a text"),
    "half a letter in a name": (b'{"h": {"\\udc00": 1}}', "h.a name in f.json must be a text, got \\udc00"),
    "half a letter in UTF-8": (b'{"h": "\xed\xa0\x80"}', "f.json is not text in UTF-8"),
    "no UTF-8": (b'{"h": "\xff"}', "f.json is not text in UTF-8"),
    "zero written too long": (b'{"h": "\xc0\x80"}', "f.json is not text in UTF-8"),
    "too deep": (
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        "f.json is not valid JSON: it is nested without end",
    ),
    "cut in a text": (b'{"format": "thing", "ver', "f.json is not valid JSON (line 1: Unterminated string"),
    "cut in a line": (
        b'{"a": 1,\n"b": [1,',
        "f.json is not valid JSON (line 2: Expecting value); is it cut short?",
    ),
    "cut after a backslash": (b'{"a": "\\', "f.json is not valid JSON (line 1"),
    "empty": (b"", "f.json is not valid JSON (line 1"),
    "a comma too many": (b"[1, 2,]", "f.json is not valid JSON (line 1"),
    "a leading zero": (b"[01]", "f.json is not valid JSON (line 1"),
    "two values": (b"{} {}", "f.json is not valid JSON (line 1: Extra data)"),
    "a control character": (b'["\x01"]', "f.json is not valid JSON (line 1"),
    "brackets that do not fit": (b'{"a": [1}', "f.json is not valid JSON (line 1"),
    "closed too often": (b"[]]]", "f.json is not valid JSON (line 1"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_sentence_with_its_place(fault):
    content, sentence = FAULTS[fault]
    with pytest.raises(RecordError) as caught:
        parse(content, "f.json")
    assert str(caught.value).startswith(sentence) or sentence in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


def test_the_deepest_nesting_that_is_allowed_is_read():
    content = b"[" * DEEPEST + b"]" * DEEPEST
    assert parse(content, "f.json") == json.loads(content)


def test_brackets_quotes_and_colons_inside_texts_are_letters():
    record = {'a":{[': ']}"', "b\\": '\\":', "c": 'a": 1, "a": 2', "ключ": "\u2028"}
    for ascii_only in (True, False):
        assert parse(json.dumps(record, ensure_ascii=ascii_only).encode(), "f") == record


HARD = {
    "20,000 repeated fields": b'{"a": {' + b",".join([b'"k": 1'] * 20_000) + b"}}",
    "20,000 fields, the last twice": b"{"
    + b",".join(b'"k%d": 1' % i for i in (*range(20_000), 19_999))
    + b"}",
    "depth 10,000": b"[" * 10_000 + b"]" * 10_000,
    "depth 10,000 in objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "an open text of a million quotes": b'{"a": "' + b'\\"' * 1_000_000,
    "two million quotes": b'"' * 2_000_000,
    "half a million open texts": b'["' + b"\\" * 1_000_001,
    "a million closing brackets": b"[" + b"]" * 1_000_000,
    "a number of a million digits": b"[" + b"1" * 1_000_000 + b"]",
    "a fraction of a million digits": b"[0." + b"1" * 1_000_000 + b"e400]",
}


@pytest.mark.parametrize("case", HARD)
def test_what_is_hard_to_refuse_is_refused_within_a_second(case):
    before = time.process_time()
    with pytest.raises(RecordError):
        parse(HARD[case], "f.json")
    assert time.process_time() - before < 1


@pytest.mark.parametrize("content", [b'{"a": [1, 2, 3, 4]}', b"[[[], []]]", b'["a", "b", "c"]'])
def test_too_many_values_are_refused_before_they_are_built(content, monkeypatch):
    monkeypatch.setattr(json_text, "MOST_VALUES", 3)
    monkeypatch.setattr(json_text, "MOST_PARTS", 2)
    monkeypatch.setattr(json_text.msgspec.json, "decode", None)
    with pytest.raises(RecordError, match=r"f\.json must not hold more than 3 values"):
        parse(b"[" + content + b"," + content + b"]", "f.json")
