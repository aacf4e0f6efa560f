"""What is packed for the page is unpacked in it, and what is damaged ends too."""

import base64
import random

import pytest

from soloneuron.playing.page import page_content
from soloneuron.view import asset

DICE = random.Random(3)
CASES = {
    "nothing": b"",
    "one letter": b"a",
    "a letter of 255": b"\xff",
    "the same again and again": b"neuron " * 5000,
    "one letter for long": b"\x00" * 50_000,
    "nothing that repeats": DICE.randbytes(3000),
    "far apart": (far := DICE.randbytes(4000)) + far[:500] + far[-900:-300] + far[:500],
    "every letter": bytes(range(256)) * 3,
    "every letter but one, then that": bytes(range(255)) * 2 + b"\xff",
    "short repeats": bytes(DICE.choice(b"ab") for _ in range(20_000)),
    "two files in turn": b"".join(
        DICE.choice((b"theta = theta - step\n", b"w1 w2 b\n", b"\x00")) for _ in range(4000)
    ),
    "a style": asset("playground.css"),
}


def letters(content):
    return base64.b64encode(content).decode()


@pytest.mark.parametrize("name", CASES)
def test_what_is_packed_is_unpacked(page, name):
    packed = page.ask("packed", letters(CASES[name]))
    assert base64.b64decode(page.ask("unpacked", packed)) == CASES[name]


def test_the_bundle_is_unpacked_to_what_the_page_carries(page):
    assert base64.b64decode(page.ask("unpacked", letters(asset("page.bin")))) == page_content()


def test_what_is_damaged_or_cut_off_ends_with_as_many_other_letters(page):
    content = CASES["a style"]
    packed = base64.b64decode(page.ask("packed", letters(content)))
    for _ in range(12):
        place = DICE.randrange(4, len(packed) - 8)
        other = packed[:place] + bytes([packed[place] ^ 1 << DICE.randrange(8)]) + packed[place + 1 :]
        for damaged in (other, packed[:place]):
            found = base64.b64decode(page.ask("unpacked", letters(damaged.ljust(8, b"\0"))))
            assert len(found) == len(content)
            assert found != content


@pytest.mark.parametrize("letter", [b"\x00", b"\xff"])
def test_answers_that_are_all_the_same_end(page, letter):
    found = page.ask("unpacked", letters((20_000).to_bytes(4, "big") + letter * 2000))
    assert len(base64.b64decode(found)) == 20_000


def test_a_number_of_letters_beyond_belief_is_refused(page):
    assert "at most 1048576 letters" in page.ask("unpacked", letters(b"\xff" * 12))
