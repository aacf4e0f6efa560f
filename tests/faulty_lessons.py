"""Lessons of which one place is wrong: Python tells of it, and the page refuses them in the same words."""

import copy
import json
from pathlib import Path

RAW = json.loads((Path(__file__).parent / "lesson_files" / "momentum.json").read_text())

NULL = object()


def changed(*path, value=None):
    """The lesson with one place changed, or taken out."""
    raw = copy.deepcopy(RAW)
    inner = raw
    for name in path[:-1]:
        inner = inner[name]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = None if value is NULL else value
    return raw


FAULTY = [
    (("steps",), None, "steps"),
    (("steps",), [], "steps"),
    (("steps",), {"1": 2}, "steps"),
    (("steps", 1), "play", "steps[1]"),
    (("steps", 0, "link"), "data=moon", "steps[0].link"),
    (("steps", 0, "link"), "loss=nll&20.batch=8", "steps[0].link"),
    (("steps", 0, "link"), "lesson=own", "steps[0].link"),
    (("steps", 0, "link"), "surface=rosenbrock", "steps[0].link"),
    (("steps", 0, "link"), "data=stretched&loss=nll,exponential&bias=1", "steps[0].link"),
    (("steps", 0, "link"), 7, "steps[0].link"),
    (("steps", 0, "until"), 0, "steps[0].until"),
    (("steps", 0, "until"), True, "steps[0].until"),
    (("steps", 0, "until"), NULL, "steps[0].until"),
    (("steps", 1, "speed"), 61, "steps[1].speed"),
    (("steps", 1, "speed"), "60", "steps[1].speed"),
    (("steps", 1, "open"), ["inside"], "steps[1].open"),
    (("steps", 1, "sped"), 60, "steps[1].sped"),
    (("measures", "plain", "kind"), "lose", "measures.plain.kind"),
    (("measures", "plain", "step"), 3, "measures.plain.step"),
    (("measures", "plain", "runner"), 1, "measures.plain.runner"),
    (("measures", "plain", "kind"), "constructor", "measures.plain.kind"),
    (("measures", "plain", "runner"), "length", "measures.plain.runner"),
    (("measures", "heavy", "detail"), float("inf"), "measures.heavy.detail"),
    (("measures", "heavy", "detail"), "all", "measures.heavy.detail"),
    (("measures", "heavy"), {"kind": "stride", "step": 2, "detail": 61}, "measures.heavy.detail"),
    (("measures", "heavy"), {"kind": "weight", "step": 2, "detail": 2}, "measures.heavy.detail"),
    (("measures", "heavy"), NULL, "measures.heavy"),
    (("measures", "heavy"), None, "answers.plain[0].large"),
    (("answers", "plain"), [], "answers.plain"),
    (("answers", "plain"), NULL, "answers.plain"),
    (("answers", "plain", 0), NULL, "answers.plain[0]"),
    (("answers", "plain", 0, "kind"), "more", "answers.plain[0].kind"),
    (("answers", "plain", 0, "times"), 0.5, "answers.plain[0].times"),
    (("answers", "plain", 0, "plus"), "much", "answers.plain[0].plus"),
    (("answers", "plain", 0, "low"), 1, "answers.plain[0].low"),
    (("answers", "plain", 0, "small"), "__proto__", "answers.plain[0].small"),
    (("answers", "plain", 0, "small"), None, "answers.plain[0].small"),
    (("expected",), "nobody", "expected"),
    (("formulas",), "nll", "formulas"),
    (("formulas",), ["losses.nll", 7], "formulas[1]"),
    (("formulas",), ["nll"], "formulas[0]"),
    (("formulas",), [None], "formulas[0]"),
    (("texts",), {}, "texts"),
    (("texts", "fr"), {}, "texts"),
    (("texts", "en"), NULL, "texts.en"),
    (("texts", "en", "docs"), 7, "texts.en.docs"),
    (("texts", "en", "question"), None, "texts.en.question"),
    (("texts", "en", "question"), 7, "texts.en.question"),
    (("texts", "en", "measured"), "{what}", "texts.en.measured"),
    (("texts", "en", "choices", "same"), None, "texts.en.choices.same"),
    (("texts", "en", "steps", "3"), "more", "texts.en.steps.3"),
]
"""Where the lesson is changed, into what, and the place of the fault that is told."""
