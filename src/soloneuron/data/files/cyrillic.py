"""Which of the Cyrillic encodings some bytes are in: right also for a handful of letters.

charset-normalizer needs sentences: of "да" and "нет" it makes Latin letters with hooks. The three encodings
give the same bytes quite different letters, so how common these and their pairs are tells them apart.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import log

ENCODINGS = {"cp1251": 0.0, "cp866": -1.5, "koi8_r": -2.0}
"""How likely each is before a byte is seen: logarithms, as everything here."""

LETTERS = {
    "о": 10.9, "е": 8.5, "а": 8.0, "и": 7.4, "н": 6.7, "т": 6.3, "с": 5.5, "р": 4.7, "в": 4.5, "л": 4.4,
    "к": 3.5, "м": 3.2, "д": 3.0, "п": 2.8, "у": 2.6, "я": 2.0, "ы": 1.9, "ь": 1.7, "г": 1.7, "з": 1.6,
    "б": 1.6, "ч": 1.4, "й": 1.2, "х": 1.0, "ж": 0.9, "ш": 0.7, "ю": 0.6, "ц": 0.5, "щ": 0.4, "э": 0.3,
    "ф": 0.3, "ё": 0.3, "ъ": 0.05, "і": 0.2, "ї": 0.1, "є": 0.1, "ў": 0.05, "ґ": 0.02, "ј": 0.02,
    "љ": 0.01, "њ": 0.01, "ћ": 0.01, "ђ": 0.01,
}  # fmt: skip
"""Letters of a hundred in Russian texts, and some of the neighbors' letters."""

COMMON = """
ст но то на ен ов ни ра во ко ро пр ре ос по го не ол ел ор ет ер ли ва ть ны ал ло ка от ан ки да ле те
ом ри де та ин ит ой ла ес ил ас ем ль ев ат ве ти ия ие ся об бо до зо оз ак ви ам см мо со ск ме ми ма
му пе тр за из ад им ир ар ур ру др ый ая ое ые их ед бр ди ца це ци ча че жи жа ши ше чи ду бы бе ба га
гр гу ус ут ую ух дн вн нн кр кв св зн зв вы хо ха цы ий яр яв ят яз
"""
PAIRS = frozenset(COMMON.split())
"""Pairs of letters that are common."""

_WORD = re.compile(r"[^\W\d_]+")
_LETTER_CELLS = re.compile(rb"(?:^|[,;\t|\"\n])[\xc0-\xff](?=[,;\t|\"\r\n]|$)")
"""Cells of one letter, such as М and Ж."""

_TWO_LETTERS = re.compile(rb"[\x80-\xff]{2}")
SURE = -4.15
POSSIBLE = -5.4
"""How likely a letter in the right encoding is at least, on the average, as a logarithm."""


def cyrillic_encoding(sample: bytes, least: float = SURE) -> str | None:
    """The encoding in which bytes are Cyrillic words; None if they are not, in any.

    Args:
        sample: lines of a file.
        least: how likely a letter must be: ``SURE``, or ``POSSIBLE`` where nothing else is likelier.

    Example:
        >>> cyrillic_encoding("пол;да;нет".encode("koi8-r")), cyrillic_encoding("Größe".encode("cp1252"))
        ('koi8_r', None)
    """
    if not _TWO_LETTERS.search(sample):
        alone = len(_LETTER_CELLS.findall(sample))
        return "cp1251" if alone == sum(byte > 127 for byte in sample) else None
    merits = {encoding: _merit(sample, encoding) for encoding in ENCODINGS}
    best = max(merits, key=lambda encoding: merits[encoding] + 0.1 * ENCODINGS[encoding])
    return best if merits[best] > least else None


def _merit(sample: bytes, encoding: str) -> float:
    """The likelihood of the letters that are not ASCII, on the average; strange signs count as letters."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return -9.0
    total, count = 0.0, 0
    for match in _WORD.finditer(text):
        word = match.group()
        if not word.isascii():
            total += _word_merit(word)
            count += len(word)
    strange = sum(
        not letter.isascii() and not letter.isalpha() and letter not in "«»№—–°…“”„\xa0" for letter in text
    )
    count += strange
    return (total - 9.0 * strange) / count if count else -9.0


def _word_merit(word: str) -> float:
    small = word.lower()
    total = sum(log(LETTERS[letter] / 100) if letter in LETTERS else -9.0 for letter in small)
    total += sum(0.8 for pair in pairwise(small) if "".join(pair) in PAIRS)
    if not (word.islower() or word.istitle() or word.isupper()):
        total -= 3.0 * sum(letter.isupper() for letter in word[1:])
    elif word.isupper() and len(word) > 1:
        total -= 0.3 * len(word)
    return total
