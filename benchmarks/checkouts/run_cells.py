"""Runs cells with whichever lithomech is on the path: compare_checkouts.py starts it twice.

Reads tasks from standard input and writes one outcome per task, both as one JSON object a
line. It uses only what every version of the package has: ``lithomech.run``, the cell's input
as a result stores it, and traces, cycles and status of the result.
"""

import json
import sys
from pathlib import Path

import lithomech
from lithomech.cell.spec import cell_from_input
from lithomech.errors import InputError

CAPACITIES = ("charge_capacity_mAh_per_cm2", "discharge_capacity_mAh_per_cm2")


def declared(task):
    """The cell; a version that does not know every key gets those that are not at default."""
    try:
        return cell_from_input(task["input"])
    except InputError:
        return cell_from_input(task["changed"])


def trace(result):
    """Per step of the run: time within it [s], charge since the start [C] and voltage [V]."""
    charge = result.series.charge_throughput
    steps = {}
    for number in sorted({int(n) for n in result.series.step}):
        rows = result.series.step == number
        columns = (result.time[rows] - result.time[rows][0], charge[rows], result.voltage[rows])
        steps[str(number)] = [column.tolist() for column in columns]
    return steps


def outcome(task):
    """What the two checkouts are compared by."""
    result = lithomech.run(declared(task))
    pressure = result.stack_pressure
    values = {key: [cycle[key] for cycle in result.cycles] for key in CAPACITIES}
    values["stack_pressure_Pa"] = (
        [float(pressure[-1]), float(pressure.min()), float(pressure.max())]
        if len(pressure)
        else []
    )
    row = {"key": task["key"], "status": result.status, "values": values}
    return row | ({"trace": trace(result)} if task["trace"] else {})


def main(source):
    """Answer every task of standard input."""
    if not Path(lithomech.__file__).is_relative_to(source):
        sys.exit(f"imported {lithomech.__file__}, expected the package in {source}")
    for line in sys.stdin:
        print(json.dumps(outcome(json.loads(line))), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
