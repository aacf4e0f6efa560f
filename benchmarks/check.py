"""How long ``soloneuron check`` takes: one file cold and warm, a class of 60 files, an object in a notebook.

The files are those of ``tests/homework``, right and wrong ones in turn. Wall time, as somebody waits for it.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
from itertools import chain, islice, zip_longest
from pathlib import Path

from soloneuron.checking.checks import check
from soloneuron.checking.homework.files import CheckRequest, check_file, check_folder
from soloneuron.checking.workers import best_workers
from soloneuron.element import Element

from harness import Report, seconds

HOMEWORK = Path(__file__).parents[1] / "tests" / "homework"
CLASS = 60


def class_of(folder):
    """Sixty files in a folder, of all tasks."""
    kinds = [sorted(path for path in (HOMEWORK / kind).iterdir()) for kind in ("wrong", "right")]
    files = [path for path in chain.from_iterable(zip_longest(*kinds)) if path is not None]
    for path in islice(files, CLASS):
        shutil.copy(path, folder / f"{path.parent.name}_{path.name}")
    return sorted(str(path) for path in folder.iterdir())


def main():
    report = Report("How long does a check take?", "torch")
    with tempfile.TemporaryDirectory() as place:
        files = class_of(Path(place))
        one = str(HOMEWORK / "right" / "element_value_like.py")
        command = [sys.executable, "-m", "soloneuron", "check", one]
        cold = min(
            seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(3)
        )
        report.alone("one file, cold", cold, asked=4.0)
        workers = best_workers()
        try:
            check_file(workers, one, CheckRequest())
            warm = {
                path: seconds(lambda path=path: check_file(workers, path, CheckRequest())) for path in files
            }
            slowest = max(warm, key=warm.get)
            report.alone("one file, warm: the median", statistics.median(warm.values()), asked=1.0)
            report.alone("one file, warm: the slowest", warm[slowest], asked=1.0, note=Path(slowest).name)
            whole = seconds(lambda: list(check_folder(workers, place, CheckRequest())))
            report.alone(f"a class of {len(files)} files", whole, asked=120.0)
        finally:
            workers.close()
    report.alone("check(Element), first call", seconds(lambda: check(Element)), asked=1.5)
    report.alone("check(Element), second call", seconds(lambda: check(Element)), asked=1.5)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
