"""Libraries that only draw, and those that are not there, have something stand in for them."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

DRAWING = frozenset(
    {
        "IPython", "altair", "bokeh", "cv2", "folium", "google", "holoviews", "imageio", "ipywidgets",
        "kaggle", "matplotlib", "mpl_toolkits", "plotly", "pylab", "seaborn", "tensorboard", "torchviz",
        "wandb",
    }
)  # fmt: skip
"""Libraries that show something; nothing that is checked comes from them."""

OURS = "soloneuron"
PROGRESS = "tqdm"


class Nothing:
    """Whatever is asked of it, it gives nothing, and does not fail.

    Called with one function or class, as a decorator is, it gives that back.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Nothing()

    def __call__(self, *given: Any, **_: Any) -> Any:
        """Give back what was to be decorated, or nothing."""
        return given[0] if len(given) == 1 and isinstance(given[0], type | _FUNCTION) else Nothing()

    def __iter__(self) -> Iterator[Any]:
        return iter((Nothing(), Nothing()))

    def __getitem__(self, _: Any) -> Any:
        return Nothing()

    def __setitem__(self, _: Any, __: Any) -> None:
        pass

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __mro_entries__(self, _: tuple[type, ...]) -> tuple[type, ...]:
        return ()


_FUNCTION = type(lambda: None)


class StandIn(ModuleType):
    """A module that holds whatever is asked of it."""

    def __init__(self, name: str, held: Mapping[str, Any] | None = None) -> None:
        super().__init__(name)
        self.__dict__.update(held or {})
        self.__dict__.update(__all__=[*(held or {})], __path__=[])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self.__name__}.{name}", self._held()) if name.islower() else Nothing()

    def __call__(self, *given: Any, **named: Any) -> Any:
        """As a function of the library."""
        return Nothing()(*given, **named)

    def _held(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in self.__dict__["__all__"]}


def importing(missing: list[str]) -> Callable[..., Any]:
    """An ``__import__`` for the homework.

    Args:
        missing: gets the names of the libraries that are not there.
    """

    def imported(
        name: str,
        variables: Mapping[str, Any] | None = None,
        local: Mapping[str, Any] | None = None,
        wanted: tuple[str, ...] = (),
        level: int = 0,
    ) -> Any:
        library = name.partition(".")[0]
        if library == PROGRESS:
            return _progress(name)
        if library not in DRAWING and library != OURS:
            try:
                return builtins.__import__(name, variables, local, wanted, level)
            except ImportError:
                if name not in missing:
                    missing.append(name)
        return StandIn(name if wanted else library)

    return imported


def _progress(name: str) -> StandIn:
    """A bar that is not drawn, and what it counts."""

    def counted(given: Any = (), *_: Any, **__: Any) -> Any:
        return given

    def count(*ends: int, **_: Any) -> range:
        return range(*ends)

    return StandIn(name, {"tqdm": _Bar(counted), "trange": count, "tqdm_notebook": counted})


class _Bar(StandIn):
    """``tqdm``, which is a module, and a function in it."""

    def __init__(self, counted: Callable[..., Any]) -> None:
        super().__init__("tqdm")
        self.__dict__["counted"] = counted

    def __call__(self, *given: Any, **named: Any) -> Any:
        """What is counted."""
        return self.__dict__["counted"](*given, **named)
