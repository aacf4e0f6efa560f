"""A config as a link, and back.

A link holds only what differs from the defaults, in one spelling: whoever opens it gets the same run.
``?data=xor&optimizers=adam:0.2,momentum:0.05`` in a browser, the same words in ``soloneuron train --url``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote

from soloneuron.playing.config import (
    CHANGEABLE,
    MOST_LINK_WORDS,
    MOST_STEPS,
    ROW_WORDS,
    Config,
    LinkChange,
    changes_in_order,
    check_config,
    surface_config,
)
from soloneuron.playing.lessons import LESSONS
from soloneuron.playing.link_fields import as_typed, read_whole
from soloneuron.playing.link_words import (
    CHANGE_READERS,
    WORD_READERS,
    WORD_WRITERS,
    read_optimizers,
    read_surface,
)
from soloneuron.playing.refusals import playground_error
from soloneuron.playing.view_words import VIEW_WORDS, check_view_word


def read_link(link: str) -> Config:
    """The config that a link asks for.

    ``20.batch=8`` says that from step 20 on an update takes 8 rows: any word of ``CHANGEABLE`` after a step
    and a dot. ``20.add=1,2,0`` adds a point to the rows there are, ``20.drop=7`` takes the row 7 away.
    What ``hide``, ``lock`` and ``present`` say is checked, and is no part of the config: it changes no run.

    Args:
        link: the part of an address after ``?``; a leading ``?`` or a whole address is understood too.

    Returns:
        A checked Config.

    Raises:
        InputError: a word that is unknown, said twice, or means nothing; the code names the fault.

    Example:
        >>> read_link("?data=xor&batch=8").batch
        8
    """
    words = link.rpartition("?")[2].partition("#")[0]
    try:
        pairs = parse_qsl(
            words, keep_blank_values=True, strict_parsing=bool(words), max_num_fields=MOST_LINK_WORDS
        )
    except ValueError:
        raise playground_error("link", link=as_typed(words, 80), want="data=xor&batch=8") from None
    surface = read_surface(dict(pairs).get("surface", ""))
    found: dict[str, Any] = {}
    changes: list[LinkChange] = []
    for name, value in pairs:
        if name in found:
            raise playground_error("twice", word=as_typed(name))
        step, dot, word = name.rpartition(".")
        if surface and word in ROW_WORDS:
            raise playground_error("surface", word=as_typed(name), surface=surface)
        if dot:
            found[name] = _change(step, word, value, surface)
            changes.append(found[name])
        elif name == "optimizers":
            found[name] = read_optimizers(value, surface)
        elif name in WORD_READERS:
            found[name] = WORD_READERS[name](value)
        elif name in VIEW_WORDS:
            check_view_word(name, value)
            found[name] = None
        else:
            raise playground_error(
                "word", word=as_typed(name), choices=", ".join((*WORD_READERS, *VIEW_WORDS))
            )
    first = {name: value for name, value in found.items() if name in WORD_READERS}
    plain = _plain(found.get("lesson", ""), surface)
    return check_config(replace(plain, **first, changes=changes_in_order(changes)))


def says_step(link: str) -> bool:
    """Whether a link names the step at which it opens; one that does not may be played on.

    Example:
        >>> says_step("data=xor&step=0"), says_step("data=xor")
        (True, False)
    """
    return any(word.startswith("step=") for word in _words(link).split("&"))


def link_at(config: Config, step: int) -> str:
    """The link of a config that opens at a step and says so, even at 0.

    Example:
        >>> link_at(Config(data="xor"), 0)
        'data=xor&step=0'
    """
    words = [word for word in write_link(replace(config, step=0, changes=())).split("&") if word]
    changes = write_link(Config(changes=config.changes)).split("&") if config.changes else []
    return "&".join([*words, f"step={step}", *changes])


def _words(link: str) -> str:
    return link.rpartition("?")[2].partition("#")[0]


def write_link(config: Config) -> str:
    """The link of a config, without ``?``; empty for the defaults.

    Example:
        >>> write_link(Config(data="xor", loss=("nll",)))
        'data=xor&loss=nll'
    """
    plain = _plain(config.lesson, config.surface)
    words = [
        _word(name, name, getattr(config, name))
        for name in WORD_READERS
        if getattr(config, name) != getattr(plain, name)
        or (name in ("lesson", "surface") and getattr(config, name))
    ]
    changes = [_word(f"{step}.{word}", word, value) for step, word, value in config.changes]
    return "&".join([*words, *changes])


def _word(name: str, kind: str, value: Any) -> str:
    return f"{name}={quote(WORD_WRITERS.get(kind, str)(value), safe=',:;.-=')}"


def _plain(lesson: str, surface: str) -> Config:
    """What holds where a link is silent."""
    if surface:
        return surface_config(surface)
    return replace(read_link(LESSONS[lesson].steps[0].link), lesson=lesson) if lesson else Config()


def _change(step: str, word: str, text: str, surface: str) -> LinkChange:
    """What changes at a step; no zeros stand before the step, so that every change has one name."""
    at = read_whole(step, "step", MOST_STEPS)
    if word not in CHANGEABLE or str(at) != step:
        raise playground_error("change.word", word=as_typed(f"{step}.{word}"), choices=", ".join(CHANGEABLE))
    value = read_optimizers(text, surface) if word == "optimizers" else CHANGE_READERS[word](text)
    return LinkChange(at, word, value)
