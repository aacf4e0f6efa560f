"""The language of the person who reads: chosen, or that of the locale."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping

from soloneuron.errors import UnknownNameError
from soloneuron.texts import LANGUAGES

_chosen: list[str] = []


def language(name: str | None = None) -> str:
    """The language in which results show themselves; with a name it is chosen for the rest of the session.

    Args:
        name: ``"en"`` or ``"ru"``; None asks without choosing.

    Returns:
        What was chosen, or else the language of the locale, English where that is neither.

    Raises:
        UnknownNameError: another name.

    Example:
        >>> language("ru"), language(), language("en")
        ('ru', 'ru', 'en')
    """
    if name is not None:
        if name not in LANGUAGES:
            raise UnknownNameError("language", name, LANGUAGES)
        _chosen[:] = [name]
    return _chosen[0] if _chosen else locale_language(os.environ)


def locale_language(environment: Mapping[str, str]) -> str:
    """The language that a locale asks for, ``"en"`` where it is none that we speak.

    The variables are asked in the order of gettext: LC_ALL, LC_MESSAGES, LANG decide whether there is a
    locale at all, and then LANGUAGE, a list, goes first. Where none is set, the system is asked.

    Args:
        environment: ``os.environ``, or what stands for it.

    Example:
        >>> locale_language({"LANG": "ru_RU.UTF-8"}), locale_language({"LANG": "C.UTF-8"})
        ('ru', 'en')
    """
    named = [environment.get(variable, "") for variable in ("LC_ALL", "LC_MESSAGES", "LANG")]
    first = next((name for name in named if name), locale.getlocale()[0] or "")
    if first.partition(".")[0] in ("", "C", "POSIX"):
        return "en"
    wanted = [name for name in environment.get("LANGUAGE", "").split(":") if name] or [first]
    spoken = (name[:2].lower() for name in wanted)
    return next((name for name in spoken if name in LANGUAGES), "en")
