"""Somebody takes a lesson: what was predicted, what has been played, and what came out of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from soloneuron.playing.config import Config
from soloneuron.playing.lesson import UNCLEAR, Lesson, LessonStep
from soloneuron.playing.lessons import LESSONS
from soloneuron.playing.link import read_link
from soloneuron.playing.measures import take
from soloneuron.playing.refusals import playground_error
from soloneuron.playing.session import Session

SKIPPED = "skipped"
"""The prediction of somebody who makes none."""


class LessonProgress:
    """One lesson under way.

    Args:
        name: of the lesson.

    Attributes:
        lesson: the lesson.
        predicted: a key of its answers, ``"skipped"``, or None before anything was said.
        at: the step of the lesson whose settings are on the page, from 0; None if none's are.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.lesson: Lesson = LESSONS[name]
        self.predicted: str | None = None
        self.at: int | None = 0
        self._configs = [replace(read_link(step.link), lesson=name) for step in self.lesson.steps]
        self._taken: dict[int, dict[str, float | None]] = {}

    @property
    def step(self) -> LessonStep:
        """The step that is on the page, or was last."""
        return self.lesson.steps[self.at or 0]

    def config(self, step: int) -> Config:
        """The settings of a step of the lesson."""
        return self._configs[step]

    def predict(self, choice: str) -> None:
        """Note what somebody expects, until the answer is known.

        Raises:
            InputError: the lesson has no such answer.
        """
        if choice not in (*self.lesson.answers, SKIPPED):
            raise playground_error("message.value", command="predict", word="choice")
        if len(self._taken) < len(self.lesson.steps):
            self.predicted = choice

    def must_be_predicted(self) -> None:
        """Refuse to play before somebody said what will be, or did not want to."""
        if self.predicted is None:
            raise playground_error("lesson.predict")

    def locate(self, session: Session) -> None:
        """Find out which step of the lesson a session's settings are; several steps may share them."""
        now = replace(session.config, step=0)
        same = [step for step, config in enumerate(self._configs) if config == now]
        if self.at not in same:
            self.at = next((step for step in same if step not in self._taken), same[0] if same else None)

    def measure(self, session: Session) -> None:
        """Take the measures of the present step as soon as it has been played to its end."""
        if self.at is None or self.at in self._taken or session.position < self.step.until:
            return
        self._taken[self.at] = {
            name: take(session, measure, self.step.until)
            for name, measure in self.lesson.measures.items()
            if measure.step == self.at + 1
        }

    def described(self) -> dict[str, Any]:
        """What a page must know of the lesson now."""
        steps = self.lesson.steps
        return {
            "name": self.name,
            "choices": list(self.lesson.answers),
            "predicted": self.predicted,
            "at": self.at,
            "steps": [
                {"until": step.until, "open": step.open, "done": place in self._taken}
                for place, step in enumerate(steps)
            ],
            "formulas": list(self.lesson.formulas),
            "fields": {f"end{place}": step.until for place, step in enumerate(steps, 1)},
            "answer": self.answer() if len(self._taken) == len(steps) else None,
            "next": _after(self.name),
        }

    def answer(self) -> dict[str, Any]:
        """The answer that the runs gave.

        Returns:
            ``code``, a key of the lesson's answers or ``"unclear"``; ``fields``, the measures by name, None
            for what never came; ``right``, whether it was predicted, None where nothing was or nothing came
            out; ``expected``, whether the runs show what the lesson was made for.
        """
        numbers = {name: value for taken in self._taken.values() for name, value in taken.items()}
        code = self.lesson.judge(numbers)
        silent = code == UNCLEAR or self.predicted in (None, SKIPPED)
        right = None if silent else self.predicted == code
        return {"code": code, "fields": numbers, "right": right, "expected": code == self.lesson.expected}


def _after(name: str) -> str | None:
    names = list(LESSONS)
    return next(iter(names[names.index(name) + 1 :]), None)
