"""The lessons on the learning rate: above its limit, above that of the start, and on other data."""

from __future__ import annotations

import math
from collections.abc import Mapping

from soloneuron.formulas.ordering import CLEAR_FACTOR as CLEAR
from soloneuron.playing.lesson import ARRIVED, Alike, Less, Lesson, LessonStep, Measure, Within

NARROW_GAP = (
    "data=own&points=-0.4,4.7,0;0.6,2.6,1;-0.5,0.4,0;0.5,0.4,1;-0.5,-2.1,0;0.6,1.1,1;"
    "-0.5,3.1,0;0.5,1.2,1;-0.5,-0.2,0;0.8,2.8,1;-0.4,0.3,0;0.3,6.6,1"
)
"""The first feature tells the classes apart by a narrow gap, the second says little and is wide."""
LOW_LOSS = 0.03
"""A loss that is low where all points can be right and the lowest is 0."""

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
    "edge_of_stability": Lesson(
        steps=(
            LessonStep(f"{NARROW_GAP}&loss=nll&start=0,0&optimizers=gradient_descent:0.9", 240),
            LessonStep(f"{NARROW_GAP}&loss=nll&start=0,0&optimizers=gradient_descent:4", 60, 15),
            LessonStep(f"{NARROW_GAP}&loss=mse&start=-2,-3&optimizers=gradient_descent:4", 80, 15),
        ),
        measures={
            "small": Measure("arrived", 1, 0, LOW_LOSS),
            "small_rises": Measure("rises", 1),
            "edge": Measure("edge", 2),
            "sharpest": Measure("sharpest", 2),
            "rises": Measure("rises", 2),
            "stable": Measure("stable", 2),
            "large": Measure("arrived", 2, 0, LOW_LOSS),
            "rest": Measure("excess", 2),
            "mse_sharpest": Measure("sharpest", 3),
            "mse_rises": Measure("rises", 3),
            "mse_stable": Measure("stable", 3),
        },
        answers={
            "never": (Less("small", "large", CLEAR), Within("rest", LOW_LOSS, math.inf)),
            "later": (Less("small", "large", CLEAR), Within("rest", 0, LOW_LOSS)),
            "sooner": (Less("large", "small", 2), Within("rises", 1, math.inf)),
        },
        expected="sooner",
        formulas=("optimizers.gradient_descent", "losses.nll"),
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
"""All of them, in the order in which they are best taken."""
