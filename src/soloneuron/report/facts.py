"""How the study can be repeated: the command, the libraries, the seed, somebody's own rows."""

from __future__ import annotations

from soloneuron.records.study import Study
from soloneuron.texts import text

HASH = 12
"""So many digits of a file's hash are shown; enough to tell two files apart."""


def repeating_command(one: Study, language: str, *, quick: bool = True) -> str:
    """What to type to measure it again and read it in the same language; without ``quick`` all of it."""
    command = one.command if quick else one.command.replace(" --quick", "")
    return command + (f" --lang {language}" if language != "en" else "")


def facts(one: Study, language: str) -> list[tuple[str, str]]:
    """The lines of the table, a name and what it is."""
    shown = ", ".join(f"{name} {number}" for name, number in one.versions.items())
    rows = [("versions", shown), ("seed", str(one.seed))]
    if one.own is not None:
        own = one.own
        (zero, one_), (zeros, ones) = own.classes, own.counts
        counts = {"rows": own.source.rows, "features": len(own.features)}
        classes = {"label": own.label, "zero": zero, "one": one_, "zeros": zeros, "ones": ones}
        rows += [
            ("own_rows", text(language, "report.own_rows_are", file=own.source.name, **counts)),
            ("own_label", text(language, "report.own_label_is", **classes)),
            ("own_hash", own.source.sha256[:HASH]),
        ]
    rows.append(("seconds", f"{sum(found.seconds for found in one.findings):.1f}"))
    return [(text(language, f"report.{name}"), value) for name, value in rows]
