"""Compares this checkout with another one on random cells: a guard for every change of cell/.

    python benchmarks/compare_checkouts.py OTHER [--cells 2000] [--keep FOLDER]
    python benchmarks/compare_checkouts.py OTHER --yardstick

Both checkouts run the same cells, those of tests/support/random_cells.py in this one, each
with its own package. Printed are the cells whose status differs, the share whose capacities
and stack pressures agree, and every other cell with its largest relative difference: as run,
and with both at a tenth of the voltage tolerance. Beside it stands by how much each checkout
differs from itself at a tenth: that is its own error, which excuses a difference of its size.

With ``--yardstick``: the largest error of voltage of each checkout at its default accuracy,
against its own result on a fine mesh at a tight tolerance.

The numbers stay in FOLDER, so those of the other checkout are computed only once.
"""

import argparse
import dataclasses
import hashlib
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from checkouts.outcomes import Outcomes, compute_all

from lithomech.cell import spec
from support.random_cells import numbered_cell

THIS = Path(__file__).resolve().parents[1]
AGREEMENT = 1e-9  # relative
FLOOR = 1e-6  # of the largest value of its kind in a cell: below, nothing is judged by itself
FINE = {"nodes": 60, "shells": 80, "voltage_tolerance": 2e-6, "order": 5}
FINE_POINTS = 500  # per step, beside the solver's own
PERCENTILES = (50, 90, 100)


def main(arguments):
    """Read the arguments and print one of the two comparisons."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("other", type=Path, help="folder of the other checkout")
    parser.add_argument("--cells", type=int, help="default: 2000, of the yardstick 50")
    parser.add_argument("--keep", type=Path, default=Path("results/checkouts"))
    parser.add_argument("--yardstick", action="store_true")
    options = parser.parse_args(arguments)
    options.keep.mkdir(parents=True, exist_ok=True)
    sides = (Outcomes(options.other, options.keep), Outcomes(THIS, options.keep))
    print(f"other: {sides[0].checkout}\nthis:  {sides[1].checkout}")
    if options.yardstick:
        yardstick(sides, range(options.cells or 50))
    else:
        compare(sides, range(options.cells or 2000))


def compare(sides, numbers):
    """Print which cells differ in status, capacity or stack pressure."""
    tasks = {number: as_drawn(number) for number in numbers}
    compute_all(sides, tasks.values())
    pairs = {n: [side.rows[tasks[n]["key"]] for side in sides] for n in numbers}
    statuses = [n for n, (other, this) in pairs.items() if other["status"] != this["status"]]
    print(f"\n{len(statuses)} of {len(numbers)} statuses differ")
    for n in statuses:
        print(f"  cell {n}: {pairs[n][0]['status']} -> {pairs[n][1]['status']}")
    apart = {n: difference(*pair) for n, pair in pairs.items()}
    listed = [n for n in numbers if apart[n] > AGREEMENT or n in statuses]
    share = 100.0 * (1.0 - len(listed) / len(numbers))
    print(f"{share:.2f} % of the cells agree within {AGREEMENT:g}")
    if listed:
        judge(sides, pairs, listed)


def judge(sides, pairs, listed):
    """Print every differing cell beside both checkouts' own errors."""
    tasks = {number: as_drawn(number, tenth=True) for number in listed}
    compute_all(sides, tasks.values())
    print("\nlargest relative difference of a capacity or a stack pressure:")
    print(f"{'cell':>6}{'as run':>12}{'at a tenth':>12}{'own, other':>12}{'own, this':>12}")
    beyond = 0
    for number in listed:
        tight = [side.rows[tasks[number]["key"]] for side in sides]
        apart = difference(*pairs[number])
        own = [difference(*pair) for pair in zip(pairs[number], tight, strict=True)]
        shown = "".join(f"{value:12.2e}" for value in (apart, difference(*tight), *own))
        within = apart <= max(own)
        beyond += not within
        print(f"{number:6d}{shown}  {'' if within else 'more than its own error'}")
    print(f"{beyond} of {len(listed)} differ by more than their own error")


def yardstick(sides, numbers):
    """Print percentiles of the largest error of voltage per checkout."""
    coarse, fine = [at_default(n) for n in numbers], [on_fine_mesh(n) for n in numbers]
    compute_all(sides, [*coarse, *fine])
    print(f"\nlargest error of voltage of {len(numbers)} cells [mV]; percentiles")
    print(f"{'':36}" + "".join(f"{p:>10}" for p in PERCENTILES))
    traces = [
        [[side.rows[task["key"]]["trace"] for task in tasks] for tasks in (coarse, fine)]
        for side in sides
    ]
    for name, compared in (
        ("other", traces[0]),
        ("this", traces[1]),
        ("between the fine results", [traces[0][1], traces[1][1]]),
    ):
        for kind, error in (("current", error_under_current), ("rest", error_at_rest)):
            errors = [error(*pair) for pair in zip(*compared, strict=True)]
            print_percentiles(f"{name}, {kind}", errors)


def print_percentiles(name, errors):
    """One line; cells that have no such step in common are counted."""
    known = {number: error for number, error in enumerate(errors) if error is not None}
    if not known:
        print(f"{name:36}  no cell has such a step")
        return
    values = "".join(f"{1e3 * v:10.3f}" for v in np.percentile([*known.values()], PERCENTILES))
    worst = max(known, key=lambda number: known[number])
    print(f"{name:36}{values}  worst: cell {worst}; of {len(known)} cells")


def error_under_current(tried, exact):
    """Largest difference of voltage [V] at equal charge, where both steps pass that charge."""
    errors = []
    for number in tried.keys() & exact.keys():
        (_, q_tried, tried_voltage), (_, q, voltage) = (
            [np.asarray(column) for column in steps[number]] for steps in (tried, exact)
        )
        direction = np.sign(q[-1] - q[0])
        is_hold = np.ptp(voltage) < FINE["voltage_tolerance"]
        if is_hold or len(q) < 2 or not (direction * np.diff(q) > 0.0).all():
            continue
        both = (direction * q_tried >= direction * q[0]) & (
            direction * q_tried <= direction * q[-1]
        )
        exact_voltage = np.interp(direction * q_tried, direction * q, voltage)
        errors.extend(np.abs(exact_voltage - tried_voltage)[both])
    return max(errors, default=None)


def error_at_rest(tried, exact):
    """Largest difference of voltage [V] at equal time of a rest."""
    errors = []
    for number in tried.keys() & exact.keys():
        (tried_time, _, tried_voltage), (time, q, voltage) = (
            [np.asarray(column) for column in steps[number]] for steps in (tried, exact)
        )
        if np.ptp(q) == 0.0:
            errors.extend(np.abs(np.interp(tried_time, time, voltage) - tried_voltage))
    return max(errors, default=None)


def difference(a, b):
    """Largest relative difference of two outcomes; infinite if one has what the other lacks."""
    worst = 0.0
    for kind, values in a["values"].items():
        others = b["values"][kind]
        if [v is None for v in values] != [v is None for v in others]:
            return np.inf
        x, y = (np.array([v for v in row if v is not None]) for row in (values, others))
        size = np.maximum(np.abs(x), np.abs(y))
        size = np.maximum(size, FLOOR * size.max(initial=0.0))
        worst = max(worst, np.max(np.abs(x - y)[size > 0] / size[size > 0], initial=0.0))
    return float(worst)


def as_drawn(number, *, tenth=False):
    """A cell as drawn, or at a tenth of its voltage tolerance."""
    cell = numbered_cell(number)
    share = 0.1 if tenth else 1.0
    tolerance = share * cell.solver.voltage_tolerance
    solver = dataclasses.replace(cell.solver, voltage_tolerance=tolerance)
    return task(cell.replace(solver=solver))


def at_default(number):
    """A cell at the default accuracy of whichever checkout runs it."""
    return task(numbered_cell(number), {"solver": {}}, trace=True)


def on_fine_mesh(number):
    """A cell whose error is negligible."""
    changes = {"solver": FINE, "output": {"points": FINE_POINTS}}
    return task(numbered_cell(number), changes, trace=True)


def task(cell, changes=None, *, trace=False):
    """What a checkout is asked: the input, and a hash of all that decides the answer."""
    full = spec.to_input(cell)
    changed = without_defaults(cell, full) | {"solver": full["solver"]}
    row = {
        "input": full | (changes or {}),
        "changed": changed | (changes or {}),
        "trace": trace,
    }
    key = hashlib.sha256(json.dumps([row["input"], trace]).encode()).hexdigest()[:24]
    return row | {"key": key}


def without_defaults(declared, data):
    """The same input without the keys at their default, which an older version may not know."""
    kept = {}
    for field in dataclasses.fields(declared):
        value = getattr(declared, field.name)
        default = field.default
        if default is dataclasses.MISSING and field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        if field.name not in data or (field.name != "type" and value == default):
            continue
        is_part = dataclasses.is_dataclass(value) and isinstance(data[field.name], dict)
        kept[field.name] = data[field.name]
        if is_part and "value" not in data[field.name]:
            kept[field.name] = without_defaults(value, data[field.name])
    return kept


if __name__ == "__main__":
    main(sys.argv[1:])
