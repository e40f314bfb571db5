"""Pieces of a composite over share, size ratio and pressing: what the law of percolation is of.

Everything is relative: conductivities to those of the dense phases, sizes to each other,
pressures to the strength of the electrolyte. One table so serves every pair of powders.
"""

import csv
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass, fields, replace
from operator import attrgetter
from pathlib import Path
from typing import Final, final

import numpy as np
from scipy.stats import qmc

from lithomech.files.atomic import replacing
from lithomech.materials.load import load_material
from lithomech.microstructure.electrode import ionic_conduction, touched_by
from lithomech.microstructure.grains import Floats, Mixture, resolve
from lithomech.microstructure.loads import carried_by, point_loads
from lithomech.microstructure.network import electron_network, spanning_grains
from lithomech.microstructure.pack import Pellet, press
from lithomech.microstructure.percolation import Mix
from lithomech.microstructure.spec import Composition, Powder, Pressing, Structure
from lithomech.microstructure.voxelise import covered_fraction, voxelise

ACTIVE: Final = "ncm88"
ELECTROLYTE: Final = "li6ps5cl"
DIAMETER: Final = 4e-6  # m, of active grains
STACKS: Final = (0.2, 0.02, 0.002)  # stack pressures over the strength of the electrolyte
SHARES: Final = (0.15, 0.95)  # of active material in the solids, by volume
SIZE_RATIOS: Final = (0.4, 4.0)
PRESSINGS: Final = (0.2, 2.0)  # fabrication pressure over the strength of the electrolyte
ROOM: Final = 3.05  # diameters of the largest grain along an edge of the box, at least
FILLED: Final = 0.8  # of the box, see ``microstructure.grains``
VOXELS: Final = 9.0  # across the smallest grain


@final
@dataclass(frozen=True)
class Row:
    """One piece at one stack pressure.

    Attributes:
        share: as in ``microstructure.percolation.Mix``.
        size_ratio: as in ``microstructure.percolation.Mix``.
        pressing: as in ``microstructure.percolation.Mix``.
        seed: of the random numbers.
        stack: stack pressure over the strength of the electrolyte.
        grains: in the piece.
        porosity: share of the volume.
        ionic: conductivity over that of the dense electrolyte.
        electronic_spread: conductivity over that of active material, contacts without a film.
        electronic_film: conductivity times the film's resistance over the diameter of active
            grains, grains without a resistance of their own.
        covered: share of the active surface that electrolyte covers.
        fed: share of active material that touches electrolyte with a path.
        wired: share of active material with a path for electrons.
        used: share with both.
        coordination: active neighbours of an active grain.
        load: mean pressure in active grains over the stack pressure.
        point_load: tension in an active grain by its heaviest contact with another, over the
            strength of the electrolyte.
        at_rest: 1 where forces balance.
        seconds: of CPU time, for all stack pressures of the piece.
    """

    share: float
    size_ratio: float
    pressing: float
    seed: int
    stack: float
    grains: int
    porosity: float
    ionic: float
    electronic_spread: float
    electronic_film: float
    covered: float
    fed: float
    wired: float
    used: float
    coordination: float
    load: float
    point_load: float
    at_rest: int
    seconds: float


def recipes(count: int) -> tuple[Mix, ...]:
    """The first points of a Sobol sequence; sizes and pressures by their logarithm."""
    points = qmc.Sobol(3, scramble=True, rng=0).random(count)
    low = np.array([SHARES[0], np.log(SIZE_RATIOS[0]), np.log(PRESSINGS[0])])
    high = np.array([SHARES[1], np.log(SIZE_RATIOS[1]), np.log(PRESSINGS[1])])
    scaled = low + points * (high - low)
    # four digits, as they are written: a row is found again by its numbers
    rounded = [(s, np.exp(r), np.exp(p)) for s, r, p in scaled]
    return tuple(Mix(*(float(f"{v:.4g}") for v in point)) for point in rounded)


def structure_of(recipe: Mix, grains: int, seed: int) -> Structure:
    """The structure of a recipe with about this many grains, or more where they are large."""
    active, electrolyte = load_material(ACTIVE), load_material(ELECTROLYTE)
    heavy = recipe.share * active.value("density")
    light = (1.0 - recipe.share) * electrolyte.value("density")
    weight = float(heavy / (heavy + light))
    size = DIAMETER / recipe.size_ratio
    strength = float(electrolyte.value("matrix_strength"))
    each = np.pi / 6.0 * np.array([DIAMETER, size]) ** 3
    per_volume = FILLED * (recipe.share / each[0] + (1.0 - recipe.share) / each[1])
    box = max((grains / per_volume) ** (1.0 / 3.0), ROOM * max(DIAMETER, size))
    return Structure(
        composition=Composition(
            active=(Powder(ACTIVE, weight, DIAMETER),),
            electrolyte=Powder(ELECTROLYTE, 1.0 - weight, size),
        ),
        fabrication=Pressing(pressure=recipe.pressing * strength),
        stack_pressures=tuple(stack * strength for stack in STACKS),
        box=float(box),
        name=f"seed {seed}",
    )


def press_piece(recipe: Mix, grains: int, seed: int) -> list[Row]:
    """Press one piece and measure it at each stack pressure."""
    begun = time.process_time()
    structure = structure_of(recipe, grains, seed)
    mixture = resolve(structure)
    pellets = press(structure, mixture, seed)[1:]
    ionic, covered = _image(pellets[0], mixture)
    found = [
        Row(
            **asdict(recipe),
            seed=seed,
            stack=stack,
            grains=pellet.radii.size,
            porosity=1.0 - pellet.solid_fraction,
            ionic=ionic,
            covered=covered,
            **_network(pellet, mixture),
            at_rest=int(pellet.at_rest),
            seconds=0.0,
        )
        for stack, pellet in zip(STACKS, pellets, strict=True)
    ]
    seconds = time.process_time() - begun
    return [replace(row, seconds=seconds) for row in found]


def _image(pellet: Pellet, mixture: Mixture) -> tuple[float, float]:
    """Ionic conductivity over that of the dense electrolyte, and the covered share."""
    size = 2.0 * float(pellet.radii.min()) / VOXELS
    fine, rough = (voxelise(pellet, mixture.active, s) for s in (size, 2.0 * size))
    kappa, _ = ionic_conduction(fine, mixture)
    shares = [covered_fraction(v, mixture.active, mixture.electrolyte) for v in (fine, rough)]
    return kappa / mixture.kappa, max(2.0 * shares[0] - shares[1], 0.0)


def _network(pellet: Pellet, mixture: Mixture) -> dict[str, float]:
    """What follows from the contacts between the grains."""
    active = mixture.active[pellet.sorts]
    sigma = max(sort.sigma for sort in mixture.sorts)
    spread = electron_network(pellet, _with_film(mixture, sigma, 0.0))
    film = electron_network(pellet, _with_film(mixture, 1e30, 1.0))
    welded = spanning_grains(
        pellet, pellet.most_overlap > 0.0, pellet.sorts == mixture.electrolyte
    )
    fed = touched_by(pellet, welded) & active
    volume = pellet.radii**3
    whole = float(volume[active].sum())
    both = active[pellet.pairs].all(axis=1) & (pellet.force > 0.0)
    pressure, _ = carried_by(pellet, active)
    strength = float(load_material(ELECTROLYTE).value("matrix_strength"))
    return {
        "electronic_spread": spread.conductivity / sigma,
        "electronic_film": film.conductivity / DIAMETER,
        "fed": float(volume[fed].sum()) / whole,
        "wired": float(volume[active & spread.spanning].sum()) / whole,
        "used": float(volume[fed & spread.spanning].sum()) / whole,
        "coordination": 2.0 * float(both.sum()) / int(active.sum()),
        "load": pressure / float(pellet.stress[0]),
        "point_load": float(point_loads(pellet, active).mean()) / strength,
    }


def _with_film(mixture: Mixture, sigma: float, film: float) -> Mixture:
    """The mixture with other numbers for the electrons of active grains."""
    sorts = tuple(
        replace(sort, sigma=sigma, film=film) if sort.active else sort for sort in mixture.sorts
    )
    return replace(mixture, sorts=sorts)


def press_design(
    path: Path,
    count: int,
    seeds: Sequence[int],
    grains: int,
    workers: int | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> None:
    """Press every recipe of a design with every seed; what the file holds already is kept.

    The first seed goes through all recipes before the second one begins, so that a table that
    was stopped is coarse but whole.

    Args:
        path: of the table, CSV; written after every piece.
        count: of recipes.
        seeds: of the pieces of each.
        grains: in a piece, at least.
        workers: processes; default: one a core.
        progress: called with the fraction completed and a status message.
    """
    report = progress or (lambda _fraction, _text: None)
    rows = read_rows(path) if path.exists() else []
    there = {(row.share, row.size_ratio, row.pressing, row.seed) for row in rows}
    points = recipes(count)
    wanted = [(recipe, seed) for seed in seeds for recipe in points]
    missing = [w for w in wanted if (*asdict(w[0]).values(), w[1]) not in there]
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
        jobs: set[Future[list[Row]]] = {
            pool.submit(press_piece, recipe, grains, seed) for recipe, seed in missing
        }
        try:
            while jobs:
                done, jobs = wait(jobs, return_when=FIRST_COMPLETED)
                for job in done:
                    rows += job.result()
                write_rows(path, rows)
                report(1.0 - len(jobs) / len(wanted), f"{len(jobs)} pieces left")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write a table in the place of what was there; four digits."""
    names = [field.name for field in fields(Row)]
    ordered = sorted(rows, key=attrgetter("seed", "share", "size_ratio", "pressing", "stack"))
    with replacing(path) as temporary, temporary.open("w", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(names)
        out.writerows([f"{getattr(row, name):.4g}" for name in names] for row in ordered)


def read_rows(path: Path) -> list[Row]:
    """Read what ``write_rows`` wrote."""
    with path.open(newline="") as stream:
        return [
            Row(**{f.name: f.type(line[f.name]) for f in fields(Row)})  # type: ignore[operator]
            for line in csv.DictReader(stream)
        ]


def column(rows: Sequence[Row], name: str) -> Floats:
    """One quantity of every row."""
    return np.array([getattr(row, name) for row in rows], np.float64)
