"""Pages from templates: every value is escaped, but what a template itself calls safe."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from soloneuron.errors import MissingExtraError
from soloneuron.texts import text
from soloneuron.texts.phrases import said

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def templates(package: str, language: str, filters: tuple[Callable[..., str], ...] = ()) -> Environment:
    """The templates of a package, in a language.

    They lie in its folder ``templates``. A template asks for a sentence with ``text(key)``, words a Name with
    ``| say``, and writes JSON into a script element with ``| tojson``, which leaves no ``<`` in it.

    Args:
        package: where the folder is, such as ``"soloneuron.view"``.
        language: "en" or "ru".
        filters: what its templates call by name, beside the filters of Jinja2.

    Returns:
        An environment that escapes by itself and stops at a name that it was not given.

    Raises:
        MissingExtraError: Jinja2 is not installed.

    Example:
        >>> templates("soloneuron.view", "en").from_string("<p>{{ name }}").render(name="<b>")
        '<p>&lt;b&gt;'
    """
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError:
        raise MissingExtraError("writing a page", "report") from None
    found = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    found.globals |= {"language": language, "text": partial(text, language)}
    found.filters |= {"say": partial(said, language), **{one.__name__: one for one in filters}}
    # Jinja2 sorts keys by itself, but their order is that of the menus and columns of a page.
    found.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return found
