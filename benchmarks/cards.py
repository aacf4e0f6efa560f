"""What every optimizer costs on a few surfaces: the measured example of its card. Writes what it prints.

``python benchmarks/cards.py adam lion`` measures these only and keeps the other numbers.
"""

import json
import sys
from pathlib import Path

import soloneuron
from soloneuron.experiments.cards import MOST_EVALUATIONS, TASKS, cost
from soloneuron.optimizers.catalogue import OPTIMIZERS

FILE = Path(soloneuron.__file__).parent / "optimizers" / "measured.json"


def main(names):
    kept = json.loads(FILE.read_text())["costs"] if names else {}
    costs = {}
    print(f"{'gradient evaluations':22}" + "".join(f"{task:>16}" for task in TASKS))
    for name in OPTIMIZERS:
        if kept.get(name) is not None and name not in names:
            costs[name] = kept[name]
            continue
        costs[name] = {task: cost(task, name) for task in TASKS}
        cells = (
            "never" if found is None else f"{found[0]:.0f} at {found[1]:.2g}"
            for found in costs[name].values()
        )
        print(f"{name:22}" + "".join(f"{cell:>16}" for cell in cells))
    lines = ",\n".join(f'    "{name}": {json.dumps(row)}' for name, row in costs.items())
    FILE.write_text(f'{{\n  "most": {MOST_EVALUATIONS},\n  "costs": {{\n{lines}\n  }}\n}}\n')


if __name__ == "__main__":
    main(sys.argv[1:])
