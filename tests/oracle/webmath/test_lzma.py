"""What Python packs, the page unpacks: its own LZMA against the library of LZMA's author."""

import base64
import random

import pytest

from soloneuron.playing.page import packed_letters
from soloneuron.view import asset

DICE = random.Random(3)
CASES = {
    "one letter": b"a",
    "the same again and again": b"neuron " * 5000,
    "nothing that repeats": DICE.randbytes(3000),
    "far apart": (far := DICE.randbytes(200_000)) + far[:500] + far[-900:-300] + far[:500],
    "every letter": bytes(range(256)) * 3,
    "short repeats": bytes(DICE.choice(b"ab") for _ in range(20_000)),
    "two files in turn": b"".join(
        DICE.choice((b"theta = theta - step\n", b"w1 w2 b\n", b"\x00")) for _ in range(4000)
    ),
    "the page's script": asset("playground.js"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_packed_is_unpacked(page, name):
    content = CASES[name]
    found = page.ask("unpacked", {"letters": packed_letters(content), "size": len(content)})
    assert base64.b64decode(found) == content
