"""A page's messages, checked word by word: JSON objects with ``do`` and perhaps one more word."""

from __future__ import annotations

import json
from typing import Any

from soloneuron.playground.config import MOST_STEPS
from soloneuron.playground.refusals import playground_error
from soloneuron.texts import LANGUAGES

SPEEDS = (5, 15, 60, 240, 960)
"""Steps a second; more than 60 are shown several to a frame."""

WORDS = {
    "open": "link", "play": "until", "pause": None, "go": "step", "speed": "speed", "seen": "frame",
    "python": None, "command": None, "inside": "of", "predict": "choice", "lesson": "part",
    "replay": "language", "report": "language",
}  # fmt: skip
"""What can be asked for, and the word that each needs beside it."""


def read_message(raw: str) -> dict[str, Any]:
    """The message of some text.

    Args:
        raw: as it came.

    Returns:
        ``do`` and its word, which holds what it must.

    Raises:
        InputError: no JSON, an unknown command, or wrong words; the code names the fault.

    Example:
        >>> read_message('{"do": "go", "step": 3}')["step"]
        3
    """
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        raise playground_error("message.json") from None
    if not isinstance(message, dict) or message.get("do") not in list(WORDS):
        raise playground_error("message.unknown")
    more = WORDS[message["do"]]
    if set(message) - {"do"} != ({more} if more else set()):
        raise playground_error("message.words", command=message["do"])
    if more is not None and not _fits(more, message[more]):
        raise playground_error("message.value", command=message["do"], word=more)
    return message


def _fits(word: str, value: object) -> bool:
    if word in ("link", "choice"):
        return isinstance(value, str)
    if word == "of":
        return isinstance(value, list) and len(value) == 2 and all(type(x) is int and x >= 0 for x in value)
    if word == "language":
        return value in LANGUAGES
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    return value in SPEEDS if word == "speed" else 0 <= value <= (2**53 if word == "frame" else MOST_STEPS)
