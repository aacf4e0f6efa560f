"""The lessons: every effect here was measured; the words stand in ``texts`` under the same names.

A lesson is data. Its answer is computed from the runs just played, by the conditions that stand here, and a
run that shows something else is told as it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from soloneuron.formulas.ordering import CLEAR_FACTOR as CLEAR
from soloneuron.playing.lesson import (
    ARRIVED,
    Alike,
    Less,
    Lesson,
    LessonStep,
    Measure,
    Requirement,
    Within,
)
from soloneuron.playing.rate_lessons import RATE_LESSONS

INF = math.inf
SLOPE = "data=assignment&batch=1&seed=2&optimizers=gradient_descent:0.1"
"""Its first update is on the row x = (1, 2) of class 1."""


def _duel(one: str, two: str, *, by: float) -> dict[str, tuple[Requirement, ...]]:
    """Who of two took clearly fewer steps, or neither."""
    return {
        one: (Less(one, two, by),),
        two: (Less(two, one, by),),
        "same": (Alike(one, two, by),),
    }


LESSONS: Mapping[str, Lesson] = {
    "why_nll": Lesson(
        steps=(
            LessonStep("", 25, 15),
            LessonStep("", 500, 240),
            LessonStep("start=-1,-1", 200),
        ),
        measures={
            "nll": Measure("learned", 2),
            "mse": Measure("learned", 2, 1),
            "nll_right": Measure("accuracy", 2),
            "mse_right": Measure("accuracy", 2, 1),
            "nll_pull": Measure("first_gradient", 2),
            "mse_pull": Measure("first_gradient", 2, 1),
            "near": Measure("accuracy", 3, 1),
        },
        answers=_duel("nll", "mse", by=2),
        expected="nll",
        formulas=("losses.nll", "losses.mse"),
    ),
    "mse_wins": Lesson(
        steps=(
            LessonStep("start=1,1&optimizers=gradient_descent:1", 200),
            LessonStep("data=outliers&start=1,1&optimizers=gradient_descent:1", 200),
            LessonStep("data=outliers&loss=nll,mae&start=1,1&optimizers=gradient_descent:1", 200),
        ),
        measures={
            "nll": Measure("clean_accuracy", 2),
            "mse": Measure("clean_accuracy", 2, 1),
            "before": Measure("clean_accuracy", 1),
            "mae": Measure("clean_accuracy", 3, 1),
        },
        answers={
            "nll": (Less("mse", "nll", plus=0.02),),
            "mse": (Less("nll", "mse", plus=0.02),),
            "same": (Alike("nll", "mse", plus=0.02),),
        },
        expected="mse",
        formulas=("losses.mse", "losses.mae"),
    ),
    "batch_noise": Lesson(
        steps=tuple(
            LessonStep(f"loss=nll&start=0,4&optimizers=gradient_descent:1&batch={rows}", 400, 240)
            for rows in ("all", "32", "8", "1")
        ),
        measures={
            name: Measure("distance", step, detail=200)
            for step, name in enumerate(("all", "thirty_two", "eight", "one"), 1)
        },
        answers={
            "settles": (Within("one", 0, 0.05),),
            "hovers": (Within("one", 0.05, 3), Less("all", "one", 5)),
            "leaves": (Within("one", 3, INF), Less("all", "one", 5)),
        },
        expected="hovers",
        formulas=("optimizers.gradient_descent",),
    ),
    "ravine": Lesson(
        steps=(
            LessonStep("loss=nll&start=-1,1&optimizers=gradient_descent:4,momentum:1.5", 200),
            LessonStep(
                "data=stretched&loss=nll&start=-1,1&optimizers=gradient_descent:1.05,momentum:0.08", 200
            ),
            LessonStep(
                "data=stretched&loss=nll&start=-1,1&optimizers=gradient_descent:1.2,momentum:0.09", 200
            ),
        ),
        measures={
            "round": Measure("condition", 1),
            "narrow": Measure("condition", 2),
            "round_descent": Measure("arrived", 1, 0, ARRIVED),
            "round_momentum": Measure("arrived", 1, 1, ARRIVED),
            "descent": Measure("arrived", 2, 0, ARRIVED),
            "momentum": Measure("arrived", 2, 1, ARRIVED),
            "rest": Measure("excess", 3),
        },
        answers={
            "momentum": (Less("round_momentum", "round_descent", CLEAR), Less("momentum", "descent", CLEAR)),
            "descent": (Less("round_descent", "round_momentum", CLEAR), Less("descent", "momentum", CLEAR)),
            "depends": (Less("round_descent", "round_momentum", CLEAR), Less("momentum", "descent", CLEAR)),
        },
        expected="depends",
        formulas=("optimizers.momentum",),
    ),
    "standardize": Lesson(
        steps=(
            LessonStep("data=stretched&loss=nll&start=-1,1&optimizers=gradient_descent:1.05", 200),
            LessonStep("data=standardized&loss=nll&start=-1,1&optimizers=gradient_descent:1.05", 200),
            LessonStep("data=standardized&loss=nll&start=-1,1&optimizers=gradient_descent:10", 200),
        ),
        measures={
            "before": Measure("condition", 1),
            "after": Measure("condition", 3),
            "before_limit": Measure("limit", 1),
            "after_limit": Measure("limit", 3),
            "raw": Measure("arrived", 1, 0, ARRIVED),
            "even": Measure("arrived", 3, 0, ARRIVED),
            "rest": Measure("excess", 2),
        },
        answers={
            "same": (Alike("even", "raw", 2),),
            "fewer": (Less("even", "raw", 2), Alike("even", "raw", 5)),
            "many": (Less("even", "raw", 5),),
        },
        expected="many",
        formulas=("optimizers.gradient_descent",),
    ),
    **RATE_LESSONS,
    "nag": Lesson(
        steps=(
            LessonStep("data=stretched&loss=nll&start=-1,1&optimizers=momentum:0.1,nag:0.1", 200),
            LessonStep("data=stretched&loss=nll&start=-1,1&optimizers=momentum:0.4,nag:0.4", 200),
            LessonStep("data=stretched&loss=nll&start=-1,1&optimizers=momentum:0.9,nag:0.9", 200),
        ),
        measures={
            "momentum": Measure("crossings", 1),
            "nag": Measure("crossings", 1, 1),
            "momentum_middle": Measure("crossings", 2),
            "nag_middle": Measure("crossings", 2, 1),
            "momentum_large": Measure("crossings", 3),
            "nag_large": Measure("crossings", 3, 1),
        },
        answers={
            "nag": (Less("nag", "momentum", CLEAR), Less("nag_large", "momentum_large", CLEAR)),
            "momentum": (Less("momentum", "nag", CLEAR), Less("momentum_large", "nag_large", CLEAR)),
            "depends": (Less("nag", "momentum", CLEAR), Less("momentum_large", "nag_large", CLEAR)),
        },
        expected="depends",
        formulas=("optimizers.nag",),
    ),
    "rare": Lesson(
        steps=(
            LessonStep(
                "data=rare&loss=nll&start=0,0&optimizers=gradient_descent:0.3,momentum:0.05", 500, 240
            ),
            LessonStep("data=rare&loss=nll&start=0,0&optimizers=adagrad:1,adam:0.2", 500, 240),
            LessonStep("data=rare&loss=nll&start=0,0&optimizers=gradient_descent:0.3,adagrad:1", 1000, 240),
        ),
        measures={
            "best": Measure("best_weight", 1, detail=1),
            "descent": Measure("weight", 1, 0, 1),
            "momentum": Measure("weight", 1, 1, 1),
            "adagrad": Measure("weight", 2, 0, 1),
            "adam": Measure("weight", 2, 1, 1),
            "later": Measure("weight", 3, 0, 1),
        },
        answers={
            "descent": (Less("adagrad", "descent", 2),),
            "adagrad": (Less("descent", "adagrad", 2), Alike("adagrad", "best", 1.1)),
            "same": (Alike("descent", "adagrad", 2),),
        },
        expected="adagrad",
        formulas=("optimizers.adagrad",),
    ),
    "brake_and_hum": Lesson(
        steps=(
            LessonStep("loss=nll&batch=8&optimizers=adagrad:1,rmsprop:0.3", 60, 15),
            LessonStep("loss=nll&batch=8&optimizers=adagrad:1,rmsprop:0.3", 600, 240),
            LessonStep("loss=nll&batch=8&optimizers=adagrad:1,rmsprop:0.03", 600, 240),
        ),
        measures={
            "adagrad_early": Measure("stride", 1, 0, 20),
            "rmsprop_early": Measure("stride", 1, 1, 20),
            "adagrad": Measure("stride", 2, 0, 200),
            "rmsprop": Measure("stride", 2, 1, 200),
            "adagrad_away": Measure("distance", 2, 0, 200),
            "rmsprop_away": Measure("distance", 2, 1, 200),
            "quiet": Measure("stride", 3, 1, 200),
        },
        answers={
            "adagrad": (Less("rmsprop", "adagrad", 5),),
            "rmsprop": (Less("adagrad", "rmsprop", 5), Less("adagrad", "adagrad_early", CLEAR)),
            "same": (Alike("adagrad", "rmsprop", 5),),
        },
        expected="rmsprop",
        formulas=("optimizers.adagrad", "optimizers.rmsprop"),
    ),
    "separable": Lesson(
        steps=(
            LessonStep("data=separable&loss=nll&start=0,0", 100),
            LessonStep("data=separable&loss=nll&start=0,0", 1000, 240),
            LessonStep("data=separable&loss=nll&start=0,0&l2=0.01", 1000, 240),
        ),
        measures={
            "early": Measure("length", 1),
            "late": Measure("length", 2),
            "right": Measure("accuracy", 2),
            "held": Measure("length", 3),
            "held_pull": Measure("gradient_norm", 3),
        },
        answers={
            "stops": (Alike("early", "late", 1.1),),
            "slows": (Less("early", "late", 1.1), Alike("early", "late", 5)),
            "steady": (Less("early", "late", 5),),
        },
        expected="slows",
        formulas=("losses.nll", "penalties.l2"),
    ),
    "xor": Lesson(
        steps=(
            LessonStep("data=xor&start=1,-2", 100),
            LessonStep(
                "data=xor&loss=nll&start=1,-2&"
                "optimizers=gradient_descent,momentum,nag,adagrad,rmsprop:0.01,adam",
                200,
            ),
            LessonStep("data=xor&start=1,-2&bias=1&optimizers=adam", 200),
        ),
        measures={
            "one": Measure("top_accuracy", 1),
            "top": Measure("top_accuracy", 2),
            "loss": Measure("loss", 2),
            "lean": Measure("top_accuracy", 3),
            "length": Measure("length", 2),
        },
        answers={
            "half": (Within("top", 0, 0.65),),
            "most": (Within("top", 0.65, 0.95),),
            "all": (Within("top", 0.95, INF),),
        },
        expected="half",
        formulas=("losses.nll",),
    ),
    "autograd": Lesson(
        steps=(
            LessonStep(f"{SLOPE}&loss=nll&start=0,0", 1, 5, open="inside"),
            LessonStep(f"{SLOPE}&start=0,0", 1, 5),
            LessonStep(f"{SLOPE}&start=-2,-2", 1, 5),
        ),
        measures={
            "nll": Measure("slope", 1, 0, 1),
            "mse": Measure("slope", 2, 1, 1),
            "nll_wrong": Measure("slope", 3, 0, 1),
            "mse_wrong": Measure("slope", 3, 1, 1),
        },
        answers={
            "two": (Within("nll", -2.25, -1.75),),
            "one": (Within("nll", -1.25, -0.75),),
            "half": (Within("nll", -0.75, -0.25),),
        },
        expected="one",
        formulas=("losses.nll",),
    ),
}
"""All lessons, in the order in which they are best taken."""
