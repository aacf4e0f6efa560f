"""The argument parser: complaints of one line, options spelled out, the nearest suggested for a wrong one.

A word that begins like a negative number is a value, also ``-2,0`` and ``-1e3``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NoReturn

from soloneuron.cli.language import spoken
from soloneuron.cli.option_types import nearest_hint, option_hint
from soloneuron.cli.streams import complain

NUMBER = re.compile(r"-\.?[0-9]")
"""How a negative number begins."""


class HelpWriter(argparse.HelpFormatter):
    """Writes the help, from its first word in the language of the command."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Add the line of usage."""
        super().add_usage(usage, actions, groups, spoken("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser that answers in one line.

    Attributes:
        commands: the words that may stand first; none for a command itself.
        several: the argument that takes all words without an option, before and behind the options.
    """

    commands: Collection[str] = ()
    several: argparse.Action | None = None

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings |= {"allow_abbrev": False, "formatter_class": HelpWriter}
        super().__init__(*args, **settings)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and suggest the nearest for a command or an option that is not there."""
        words = list(sys.argv[1:] if args is None else args)
        if self.commands:
            self._check_command(words)
        elif any(NUMBER.match(word) for word in words):
            words = numbers_as_values(words, options_in(self.format_help(), valued=True))
        found, extras = super().parse_known_args(words, namespace)
        for word in extras:
            if word.startswith("-") and word != "--":
                hint = option_hint(word.partition("=")[0], options_in(self.format_help())).strip()
                self.error(f"unrecognized arguments: {' '.join(extras)}{hint and ': ' + hint}")
        if extras and self.several is not None:
            first = getattr(found, self.several.dest) or []
            behind = [word for word in extras if word != "--"]
            self.several(self, found, [*([first] if isinstance(first, str) else first), *behind])
            extras = []
        if self.commands:
            found.words = words
        return found, extras

    def _check_command(self, words: Sequence[str]) -> None:
        """Look at the command here: argparse's own complaint suggests nothing."""
        before = ["", *words]
        command = next(
            (
                word
                for word, last in zip(words, before, strict=False)
                if not word.startswith("-") and last != "--lang"
            ),
            None,
        )
        if command is not None and command not in self.commands:
            hint = nearest_hint(command.lower(), self.commands)
            known = ", ".join(self.commands)
            self.error(f"argument COMMAND: invalid choice: {command!r}: {hint}choose from {known}")

    def error(self, message: str) -> NoReturn:
        """Print what is wrong in one line and leave with exit code 2."""
        complain(spoken(f"{message} (see {self.prog} --help)"), to=self.prog)
        sys.exit(2)

    def print_help(self, file: Any = None) -> None:
        """Print the help; a full disk is an error, where argparse would keep silent."""
        (file or sys.stdout).write(self.format_help())


class Version(argparse.Action):
    """Print a version and leave; the same as argparse's own, but a full disk is an error."""

    def __init__(self, option_strings: Sequence[str], dest: str, *, version: str, help: str) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)
        self.version = version

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print, leave."""
        sys.stdout.write(f"{self.version}\n")
        parser.exit()


def options_in(help_text: str, *, valued: bool = False) -> list[str]:
    r"""The options that a help lists, or only those that take a value.

    Example:
        >>> options_in("options:\n  -o F, --output F  where to\n  --json        print JSON\n", valued=True)
        ['-o', '--output']
    """
    found = []
    for line in re.findall(r"^  (-\S.*?)(?:  .*)?$", help_text, re.M):
        spelled = line.split(", ")
        if not valued or " " in spelled[-1]:
            found += [one.split(" ")[0] for one in spelled]
    return found


def numbers_as_values(words: Iterable[str], valued: Collection[str]) -> list[str]:
    """The same words, written so that none of them is an option because it begins like a negative number.

    A value is tied to its option; a word that belongs to no option goes to the end, where all are values.

    Args:
        words: what was typed after the command.
        valued: the options that take a value.

    Example:
        >>> numbers_as_values(["--positive", "-2,0", "--json"], ["--positive"])
        ['--positive=-2,0', '--json']
        >>> numbers_as_values(["-2*x", "x=1", "-o", "a.svg"], ["-o"])
        ['-o', 'a.svg', '--', '-2*x', 'x=1']
    """
    options: list[str] = []
    values: list[str] = []
    at = iter(words)
    for word in at:
        if word == "--":
            values += at
        elif NUMBER.match(word) or not word.startswith("-"):
            values.append(word)
        elif word in valued:
            value = next(at, None)
            tied = value is not None and NUMBER.match(value)
            options += [f"{word}={value}"] if tied else [word] if value is None else [word, value]
        else:
            options.append(word)
    return [*options, "--", *values] if values else options
