"""A replay that plays where it stands: in the cell of a notebook, or saved as a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from soloneuron.records.run import RunRecord
from soloneuron.storage.files import write_text
from soloneuron.texts import text
from soloneuron.texts.language import language
from soloneuron.view import replay

HEIGHT = 720
"""Of the frame, in pixels."""


@dataclass(frozen=True)
class Replay:
    """A page that plays runs as a race; a notebook plays it in the cell.

    Args:
        html: the whole page.
        words: the language of its words.
    """

    html: str = field(repr=False)
    words: str = "en"

    @classmethod
    def of(cls, runs: Mapping[str, RunRecord]) -> Replay:
        """The replay of runs by name, in the reader's language.

        Raises:
            InputError: runs that cannot race; the sentence says why.
            MissingExtraError: Jinja2 is not installed.
        """
        words = language()
        return cls(replay(runs, words), words)

    def save(self, path: str | Path) -> None:
        """Write the page to a file."""
        write_text(path, self.html)

    def _repr_html_(self) -> str:
        # A frame of its own may run its script, and sees nothing of the notebook.
        return (
            f'<p lang="{self.words}">{escape(text(self.words, "views.replay"))}</p>'
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts" loading="lazy" '
            f'style="width:100%;height:{HEIGHT}px;border:0" title="soloneuron"></iframe>'
        )
