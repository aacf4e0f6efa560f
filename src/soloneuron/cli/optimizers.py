"""``soloneuron optimizers``."""

from __future__ import annotations

from argparse import Namespace

from soloneuron.cli.screen import Screen
from soloneuron.optimizers.card import card, default_text
from soloneuron.optimizers.catalogue import ALIASES, OPTIMIZERS


def run_optimizers(options: Namespace) -> int:
    """List the optimizers, or show the card of one with every setting that it takes."""
    screen = Screen(options.lang)
    if options.name is None:
        screen.titles(OPTIMIZERS, "optimizers")
        return 0
    name = ALIASES.get(options.name, options.name)
    found = card(name, screen.language)
    screen.say(f"{name}: {found.title}", style="bold")
    for label, said in found.rows:
        screen.say(f"{label}: {said}")
    screen.say(f"\n{screen.word('settings')}", style="bold")
    defaults = OPTIMIZERS.load(name).defaults()
    width = max(map(len, defaults))
    for setting, default in defaults.items():
        screen.say(f"  {setting:{width}}  {default_text(default)}")
    return 0
