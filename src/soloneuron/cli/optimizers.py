"""``soloneuron optimizers``."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from soloneuron.cli.screen import Screen
from soloneuron.optimizers.catalogue import ALIASES, OPTIMIZERS
from soloneuron.texts import text


def run(options: Namespace) -> int:
    """List the optimizers, or explain one."""
    screen = Screen(options.lang)
    if options.name is None:
        screen.titles(OPTIMIZERS, "optimizers")
        return 0
    name = ALIASES.get(options.name, options.name)
    method = OPTIMIZERS.load(name)

    def part(which: str) -> str:
        return text(options.lang, f"optimizers.{name}.{which}")

    screen.say(f"{name}: {part('title')}", style="bold")
    screen.say(f"{screen.word('formula')}: {part('formula')}")
    screen.say(f"{screen.word('source')}: {part('source')}")
    screen.say(f"{screen.word('needs')}: {screen.word('needs_' + method.needs.replace(' ', '_'))}\n")
    screen.say(part("idea"))
    screen.say(f"{screen.word('helps')}: {part('helps')}")
    screen.say(f"{screen.word('hurts')}: {part('hurts')}\n")
    screen.say(screen.word("settings"), style="bold")
    width = max(map(len, method.hyperparameters))
    for setting, declared in method.hyperparameters.items():
        screen.say(f"  {setting:{width}}  {_shown(declared.default)}")
    return 0


def _shown(default: Any) -> str:
    return f"{default:g}" if isinstance(default, float) else str(default)
