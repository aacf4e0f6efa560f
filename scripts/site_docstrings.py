"""Docstrings as the pages of the site want them; mkdocstrings reads this file as an extension of griffe.

``Example:`` is a section there only in the plural; ``Source:`` or ``Numerics:`` begin a paragraph, not a box.
"""

import re
from inspect import cleandoc
from typing import Any

import griffe

EXAMPLE = re.compile(r"^Example:$", re.M)
BLOCK = re.compile(r"::$", re.M)
PARAGRAPH = re.compile(r"^(Numerics|Source|Sources):[ \n]\s*((?:.+\n?)+)", re.M)


class Docstrings(griffe.Extension):
    """Rewrites the headings of every docstring that is collected."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """An object has been read with its members."""
        if obj.docstring is not None:
            said = EXAMPLE.sub("Examples:", cleandoc(obj.docstring.value))
            said = BLOCK.sub(":", said)
            obj.docstring.value = PARAGRAPH.sub(
                lambda found: f"**{found[1]}.** {' '.join(found[2].split())}\n", said
            )
