"""One sum of products while it is collected."""

from __future__ import annotations

from typing import TypeAlias

ONE = -1
"""In the place of an operand: the number 1, for a linear term among products."""

Form: TypeAlias = "float | int | tuple[float, int, int | None] | Sum"
"""What an Element is while it is read: a number, a node, one term, or a sum that is still open."""


class Sum:
    """A sum of products: ``coefs * ids`` are its linear terms, ``scales * left * right`` its products."""

    __slots__ = ("coefs", "constant", "ids", "left", "right", "scales")

    def __init__(self, constant: float = 0.0) -> None:
        self.constant = constant
        self.ids: list[int] = []
        self.coefs: list[float] = []
        self.left: list[int] = []
        self.right: list[int] = []
        self.scales: list[float] = []

    def add(self, form: Form, sign: float) -> None:
        """Take in a form, or its opposite."""
        kind = type(form)
        if kind is tuple:
            coefficient, a, b = form  # type: ignore[misc]
            if b is None:
                self.ids.append(a)
                self.coefs.append(sign * coefficient)
            else:
                self.left.append(a)
                self.right.append(b)
                self.scales.append(sign * coefficient)
        elif kind is int:
            self.ids.append(form)  # type: ignore[arg-type]
            self.coefs.append(sign)
        elif kind is float:
            self.constant += sign * form  # type: ignore[operator]
        else:
            self._add_all(form, sign)  # type: ignore[arg-type]

    def _add_all(self, other: Sum, sign: float) -> None:
        self.constant += sign * other.constant
        self.ids += other.ids
        self.left += other.left
        self.right += other.right
        self.coefs += other.coefs if sign == 1 else [sign * c for c in other.coefs]
        self.scales += other.scales if sign == 1 else [sign * c for c in other.scales]

    def scale(self, factor: float) -> None:
        """Multiply by a number."""
        self.constant *= factor
        self.coefs = [factor * c for c in self.coefs]
        self.scales = [factor * c for c in self.scales]
