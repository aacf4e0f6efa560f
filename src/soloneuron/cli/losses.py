"""``soloneuron losses``."""

from __future__ import annotations

from argparse import Namespace

from soloneuron.cli.screen import Screen
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.formulas.losses import as_loss
from soloneuron.texts import text


def run_losses(options: Namespace) -> int:
    """List the losses, or explain one."""
    screen = Screen(options.lang)
    if options.name is None:
        screen.titles(LOSSES, "losses")
        return 0
    loss = as_loss(options.name)
    title, formula, idea = (
        text(options.lang, f"losses.{loss.name}.{part}") for part in ("title", "formula", "idea")
    )
    screen.say(f"{loss.name}: {title}", style="bold")
    screen.say(f"{screen.word('formula')}: {formula}")
    screen.say(f"{screen.word('domain')}: {'[0, 1]' if loss.soft_labels else '0, 1'}")
    screen.say(f"{screen.word('convex')}: {screen.word('convex_yes' if loss.convex else 'convex_no')}\n")
    screen.say(idea)
    return 0
