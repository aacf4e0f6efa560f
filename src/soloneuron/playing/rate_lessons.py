"""The lessons on the learning rate: just above its limit, and what it is worth on other data."""

from __future__ import annotations

import math
from collections.abc import Mapping

from soloneuron.formulas.ordering import CLEAR_FACTOR as CLEAR
from soloneuron.playing.lesson import ARRIVED, Alike, Less, Lesson, LessonStep, Measure, Within

RATE_LESSONS: Mapping[str, Lesson] = {
    "rate_cliff": Lesson(
        steps=tuple(
            LessonStep(f"data=stretched&loss=nll&start=-1,1&optimizers=gradient_descent:{rate}", 400, 240)
            for rate in (1.08, 1.19, 3.4)
        ),
        measures={
            "limit": Measure("limit", 2),
            "below": Measure("excess", 1),
            "above": Measure("excess", 2),
            "far": Measure("excess", 3),
        },
        answers={
            "slower": (Within("above", 0, 1e-6),),
            "bounces": (Within("below", 0, 1e-6), Within("above", 1e-6, 10)),
            "explodes": (Within("above", 10, math.inf),),
        },
        expected="bounces",
        formulas=("optimizers.gradient_descent",),
    ),
    "why_tune": Lesson(
        steps=(
            LessonStep("loss=nll&start=-1,1&optimizers=gradient_descent:4,prodigy:1", 200),
            LessonStep("data=stretched&loss=nll&start=-1,1&optimizers=gradient_descent:4,prodigy:1", 300),
            LessonStep(
                "data=stretched&loss=nll&start=-1,1&"
                "optimizers=gradient_descent:1.05,prodigy:1,barzilai_borwein:0.1",
                300,
            ),
        ),
        measures={
            "tuned": Measure("arrived", 1, 0, ARRIVED),
            "estimated": Measure("arrived", 1, 1, ARRIVED),
            "kept": Measure("arrived", 2, 0, ARRIVED),
            "prodigy": Measure("arrived", 2, 1, ARRIVED),
            "again": Measure("arrived", 3, 0, ARRIVED),
            "thrown": Measure("excess", 3, 2),
        },
        answers={
            "descent": (Less("kept", "prodigy", CLEAR),),
            "prodigy": (Less("prodigy", "kept", CLEAR),),
            "same": (Alike("kept", "prodigy", CLEAR),),
        },
        expected="prodigy",
        formulas=("optimizers.prodigy",),
    ),
}
"""Both, in the order in which they are best taken."""
