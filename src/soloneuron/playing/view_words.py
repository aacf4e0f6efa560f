"""What a link hides and locks: words of the page that shows a run, and no part of the run.

``hide=curves,table`` leaves parts out, ``lock=data,start`` shows controls that nobody can change,
``present=1`` shows the pictures in large type.
"""

from __future__ import annotations

from collections.abc import Mapping

from soloneuron.playing.link_fields import read_choice

CONTROLS: Mapping[str, str] = {
    "data": (
        "[data-focus^=surface],[data-focus=data],[data-focus=csv],.panel details :is(input,select,button)"
    ),
    "points": "[data-focus=csv],.panel details :is(input,select,button)",
    "noise": "[data-focus=noise]",
    "terms": "[data-focus^=term-]",
    "loss": "[data-focus^=loss]",
    "optimizers": "[data-focus^=chip-],[data-focus=all]",
    "rate": ".runner input",
    "batch": "[data-focus=batch]",
    "start": "[data-focus^=start]",
    "bias": "[data-focus=bias]",
    "l2": "[data-focus=l2]",
    "seed": ".bar .seed",
    "test": "[data-focus=test]",
}
"""What can be locked, or hidden, by name, and where it is in the page."""

PAGE_PARTS: Mapping[str, str] = {
    "panel": ".panel,.tabs>:nth-child(1)",
    "plane": ".pictures>:nth-child(1)",
    "map": ".pictures>:nth-child(2)",
    "surface": ".deep .readable,.pictures>:nth-child(3)",
    "neuron": ".neuron",
    "curves": ".curves,.sharp,.tabs>:nth-child(3)",
    "table": ".numbers,.tabs>:nth-child(4)",
    "story": ".story",
    "lessons": ".tools .lessons",
    "inside": ".drawer,.bar .inside",
    "more": ".bar .more",
}
"""What can be hidden beside the controls."""

VIEW_WORDS: Mapping[str, Mapping[str, str]] = {
    "hide": {**PAGE_PARTS, **CONTROLS},
    "lock": CONTROLS,
    "present": {"0": "", "1": ""},
}
"""The words, with what each can name."""


def check_view_word(word: str, text: str) -> None:
    """Refuse a word that names what the page does not have; of ``present`` there is one value.

    Raises:
        InputError: the sentence names the choices.

    Example:
        >>> check_view_word("hide", "curves,table")
    """
    for name in [text] if word == "present" else text.split(",") if text else ():
        read_choice(name, word, tuple(VIEW_WORDS[word]))
