"""The frame of every page of the report: style, script and the library that draws."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from soloneuron.report.filters import as_csv, cell_text, drawn
from soloneuron.view.packing import packed
from soloneuron.view.rendering import templates

if TYPE_CHECKING:
    from jinja2 import Environment

PACKAGE = "soloneuron.report"


def document(template: str, language: str, **fields: Any) -> str:
    """One self-contained page.

    Args:
        template: a file of ``templates`` that extends ``document.html.j2``.
        language: "en" or "ru".
        fields: what the template asks for.

    Returns:
        The text of the page; plotly is inside, nothing is fetched.

    Raises:
        MissingExtraError: plotly or Jinja2 is not installed.
    """
    return (
        parts(language)
        .get_template(template)
        .render(style=own_file("page.css"), script=own_file("page.js"), plotly=packed_plotly(), **fields)
    )


def parts(language: str) -> Environment:
    """The templates of the report, with the filters that they ask for."""
    return templates(PACKAGE, language, (cell_text, as_csv, drawn))


def own_file(name: str) -> str:
    """A text that lies beside this file."""
    return (resources.files(PACKAGE) / name).read_text(encoding="utf-8")


def packed_plotly() -> str:
    """plotly.js, gzipped, in base64: 2 MB instead of 5."""
    from plotly.offline import get_plotlyjs

    return packed(get_plotlyjs().encode())
