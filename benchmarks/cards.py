"""What every optimizer costs on a few surfaces: the measured example of its card. Writes what it prints."""

import json
from pathlib import Path

import soloneuron
from soloneuron.experiments.cards import MOST_UPDATES, TASKS, cost
from soloneuron.optimizers.catalogue import OPTIMIZERS

FILE = Path(soloneuron.__file__).parent / "optimizers" / "measured.json"


def main():
    costs = {}
    print(f"{'gradient evaluations':22}" + "".join(f"{task:>16}" for task in TASKS))
    for name in OPTIMIZERS:
        costs[name] = {task: cost(task, name) for task in TASKS}
        cells = ("never" if value is None else f"{value:.0f}" for value in costs[name].values())
        print(f"{name:22}" + "".join(f"{cell:>16}" for cell in cells))
    lines = ",\n".join(f'    "{name}": {json.dumps(row)}' for name, row in costs.items())
    FILE.write_text(f'{{\n  "most": {MOST_UPDATES},\n  "costs": {{\n{lines}\n  }}\n}}\n')


if __name__ == "__main__":
    main()
