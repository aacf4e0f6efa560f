"""``soloneuron lesson``: a teacher's own lesson for the page."""

from __future__ import annotations

import argparse
from argparse import Namespace
from typing import TYPE_CHECKING

from soloneuron.cli.option_types import add_choice, add_language

if TYPE_CHECKING:
    from soloneuron.cli.screen import Screen
    from soloneuron.playing.lesson_file import LessonFault, OwnLesson

MOST_LESSON_BYTES = 1 << 20
"""Of a lesson's file."""

FAULTY = 1
"""The exit code where a lesson has faults, or does not show what it claims."""


def add_lesson(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = (
        "Check a lesson of your own, a JSON file: what is wrong in it, and whether its runs show what it "
        "claims, with other seeds too; or print the link that opens the page with it."
    )
    add_choice(parser, "action", ("check", "link"), metavar="check|link")
    parser.add_argument("file", metavar="LESSON.json")
    parser.add_argument(
        "--page", default="page.html", metavar="ADDRESS", help="of the page; default: page.html"
    )
    add_language(parser)


def run_lesson(options: Namespace) -> int:
    """Read the lesson, then try it or print its link."""
    from soloneuron.cli.screen import Screen
    from soloneuron.playing.lesson_file import OwnLesson, lesson_hash, read_lesson
    from soloneuron.storage.files import read_bytes
    from soloneuron.storage.json_text import parse

    content = parse(read_bytes(options.file, MOST_LESSON_BYTES).removeprefix(b"\xef\xbb\xbf"), options.file)
    found = read_lesson(content)
    screen = Screen(options.lang)
    if not isinstance(found, OwnLesson):
        for fault in found:
            screen.say(_said(screen, fault), whole=True)
        return FAULTY
    if options.action == "check":
        return _try(screen, found)
    screen.say(f"{options.page.split('#')[0]}#{lesson_hash(content)}", whole=True)
    return 0


def _said(screen: Screen, fault: LessonFault) -> str:
    from soloneuron.errors import InputError
    from soloneuron.texts import text

    fields = dict(fault.fields)
    if isinstance(refusal := fields.get("fault"), InputError):
        key = refusal.code.replace(".", ".errors.", 1)
        fields["fault"] = text(screen.language, key, **refusal.fields).removesuffix(".")
    wanted = screen.word(f"lesson_file.{fault.wanted}", **fields)
    key = "came" if fault.came else "missing"
    return screen.word(f"lesson_file.{key}", place=fault.place or "{}", wanted=wanted, came=fault.came)


def _try(screen: Screen, own: OwnLesson) -> int:
    """Play the lesson as it stands and in other ways, and say what came out."""
    from soloneuron.playing.lesson_check import condition_margins, lesson_trials

    expected, kept = own.lesson.expected, 0
    for count, trial in enumerate(lesson_trials(own.lesson), 1):
        key = "opposite" if trial.permuted else "seeds" if trial.seeds else "as_it_is"
        screen.say(screen.word(f"lesson_file.{key}", seeds=trial.seeds, answer=trial.answer))
        kept += trial.answer == expected
        if count > 1:
            continue
        numbers = ", ".join(
            f"{name} {'-' if value is None else format(value, '.4g')}"
            for name, value in trial.numbers.items()
        )
        screen.say(screen.word("lesson_file.measured", numbers=numbers), whole=True)
        for condition, margin in condition_margins(own.lesson, trial.numbers):
            screen.say(screen.word("lesson_file.margin", condition=condition, margin=margin), whole=True)
        if trial.answer != expected:
            screen.say(screen.word("lesson_file.other", expected=expected, answer=trial.answer), whole=True)
            return FAULTY
    key = "holds" if kept == count else "wavers"
    screen.say(screen.word(f"lesson_file.{key}", expected=expected, kept=kept, count=count), whole=True)
    return 0 if kept == count else FAULTY
