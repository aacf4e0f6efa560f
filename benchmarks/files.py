"""How fast is a file of rows read beside what people would read it with, and in how much memory?

Files of 200,000 rows and 21 columns: numbers with all their digits, with six, with gaps, with a label of
words, in quotation marks, and as Excel writes them in Russia. Ours finds encoding, separator and decimal
marks itself; the others are told. A process each, the rivals in turn; CPU seconds, since some read with
several threads. Memory is the peak above what was there before, as a multiple of the numbers. Exits with 1
if something falls short of what was asked. Rivals that are not installed are left out, and said so.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from harness import Report, installed
from processes import Job, Prepared, Taken, processes_in_turn

ROWS, COLUMNS, ROUNDS = 200_000, 21, 3
NUMBERS_MB = ROWS * COLUMNS * 8 / 2**20
RIVALS = ("pandas", "polars", "pyarrow", "numpy")


def write(path, *, digits="r", label=("0", "1"), gaps=False, quote="", russian=False):
    """A file whose numbers are drawn by a seeded generator."""
    generator = np.random.default_rng(0)
    table = generator.normal(size=(ROWS, COLUMNS - 1)).tolist()
    labels = generator.integers(0, 2, ROWS).tolist()
    separator, encoding = (";", "cp1251") if russian else (",", "utf-8")
    names = [f"столбец {i}" if russian else f"x{i}" for i in range(COLUMNS - 1)]
    with path.open("w", encoding=encoding, newline="\n") as file:
        file.write(separator.join([*names, "y"]) + "\n")
        for row, (numbers, y) in enumerate(zip(table, labels, strict=True)):
            cells = [repr(number) if digits == "r" else f"{number:.{digits}}" for number in numbers]
            if russian:
                cells = [cell.replace(".", ",") for cell in cells]
            if gaps and row % 7 == 0:
                cells[3] = ""
            file.write(separator.join([*cells, f"{quote}{label[y]}{quote}"]) + "\n")


FILES = {
    "numbers with all digits": {},
    "numbers with six digits": {"digits": "6g"},
    "gaps in a column": {"gaps": True},
    "a label of words": {"label": ("no", "yes")},
    "a label in quotation marks": {"label": ("no", "yes"), "quote": '"'},
    "Excel in Russia": {"digits": "6g", "label": ("нет", "да"), "russian": True},
}
ASKED = {"numbers with all digits": 2.5, "numbers with six digits": 2.5}
"""How many times the time of pandas.read_csv ours may take."""

MOST_MEMORY = 3.0


def _prepared(call):
    before = _peak()
    return Prepared(call, found=lambda: {"peak": (_peak() - before) / NUMBERS_MB})


def _peak():
    """The most MB that this process had in memory; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def ours(path, **_):
    from soloneuron.data.files.reading import read_table

    return _prepared(lambda: read_table(path))


def ours_dataset(path, missing, **_):
    from soloneuron import read_dataset

    # What is imported for words and gaps is no memory of the file.
    few = Path(path).with_name("few.csv")
    few.write_text("x,y\n1,no\n,yes\n3,no\n")
    read_dataset(few, label="y", missing="mean")
    return _prepared(lambda: read_dataset(path, label="y", missing=missing))


def pandas(path, russian):
    from pandas import read_csv

    told = {"sep": ";", "decimal": ",", "encoding": "cp1251"} if russian else {}
    return _prepared(lambda: read_csv(path, **told))


def polars(path, russian):
    from polars import read_csv

    told = {"separator": ";", "decimal_comma": True, "encoding": "windows-1251"} if russian else {}
    return _prepared(lambda: read_csv(path, **told))


def pyarrow(path, russian):
    from pyarrow import csv

    told = {}
    if russian:
        told = {
            "read_options": csv.ReadOptions(encoding="cp1251"),
            "parse_options": csv.ParseOptions(delimiter=";"),
            "convert_options": csv.ConvertOptions(decimal_point=","),
        }
    return _prepared(lambda: csv.read_csv(path, **told))


def numpy(path, russian):
    if russian:
        raise ImportError("numpy.loadtxt knows no decimal commas")
    return _prepared(lambda: np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2))


def main():
    report = Report("Reading 200,000 rows of 21 columns", *(name for name in RIVALS if installed(name)))
    with tempfile.TemporaryDirectory() as folder:
        for question, how in FILES.items():
            path = Path(folder) / "rows.csv"
            write(path, **how)
            settings = {"path": str(path), "russian": how.get("russian", False)}
            filled = settings | {"missing": "mean" if how.get("gaps") else None}
            names = ["ours", "ours_dataset", *RIVALS]
            if how.get("gaps") or how.get("quote") or "label" in how:
                names.remove("numpy")
            jobs = {name: Job(f"files:{name}", settings) for name in names}
            jobs["ours_dataset"] = Job("files:ours_dataset", filled)
            taken = processes_in_turn(jobs, ROUNDS)
            mine = taken["ours"]
            for rival in names[2:]:
                theirs = taken[rival]
                if isinstance(theirs, Taken):
                    asked = ASKED.get(question) if rival == "pandas" else None
                    report.share(question, mine.cpu, rival, theirs.cpu, asked)
                else:
                    report.without(question, mine.cpu, rival, theirs)
            asked = MOST_MEMORY if question in ASKED else None
            for what, peak in (("table", mine), ("dataset", taken["ours_dataset"])):
                report.alone(f"{question}: peak, {what}", peak.found["peak"], "x the numbers", asked=asked)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
