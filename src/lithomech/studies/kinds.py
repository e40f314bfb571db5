"""Kinds of files that a study varies: a cell, a structure or a particle."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from lithomech.cell.mechanisms.plugins import composition
from lithomech.cell.readout.record import input_hash
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run_summary
from lithomech.cell.spec import Cell, cell_of_origin
from lithomech.files.arguments import Progress
from lithomech.files.kept import digest
from lithomech.files.origin import Origin
from lithomech.files.yamlfile import KeyPath
from lithomech.microstructure import spec as structures
from lithomech.microstructure.electrode import press_structure
from lithomech.particle import spec as particles
from lithomech.particle.fracture import crack_particle
from lithomech.studies.readings import (
    Readings,
    readings_of_cell,
    readings_of_particle,
    readings_of_structure,
)

QUIET: Final[KeyPath] = ("output", "traces")


class Ran(NamedTuple):
    """A result, and the hash of the input that it came from."""

    result: Any
    input_hash: str


class Kind(NamedTuple):
    """What a study has to know of a kind of file.

    Attributes:
        kernels: module whose machine code a run needs.
        declare: makes what is declared from a document; in full: with all its mistakes.
        hashed: hash of all that decides the numbers of a run, without the run.
        run: runs it.
        readings_of: how outputs are read; the usual ones without names.
        quiet: keeps less of each run, unless the file says what is kept.
    """

    kernels: str
    declare: Callable[[Origin, bool], Any]
    hashed: Callable[[Any], str]
    run: Callable[[Any, Progress], Ran]
    readings_of: Callable[[Sequence[str]], Readings]
    quiet: Callable[[Origin], Origin]


def kind_of(data: Mapping[str, object]) -> Kind:
    """Return what kind of file has this content."""
    if "composition" in data:
        return STRUCTURE
    return PARTICLE if "grains" in data else CELL


def _declare_cell(origin: Origin, in_full: bool) -> Cell:
    return cell_of_origin(origin, in_full=in_full)


def _hash_cell(cell: Cell) -> str:
    return digest([composition().key, input_hash(resolve(cell))])


def _run_cell(cell: Cell, progress: Progress) -> Ran:
    result = run_summary(cell, progress)
    return Ran(result, result.input_hash)


def _quiet_cell(origin: Origin) -> Origin:
    """Keep no traces."""
    return origin if "output" in origin.document.data else origin.with_values({QUIET: "none"})


def _run_structure(structure: structures.Structure, progress: Progress) -> Ran:
    return Ran(press_structure(structure, progress), _hash_structure(structure))


def _hash_structure(structure: structures.Structure) -> str:
    return digest(structures.to_input(structure))


def _run_particle(particle: particles.Particle, progress: Progress) -> Ran:
    return Ran(crack_particle(particle, progress), _hash_particle(particle))


def _hash_particle(particle: particles.Particle) -> str:
    return digest(particles.to_input(particle))


def _as_it_is(origin: Origin) -> Origin:
    return origin


def _declare_structure(origin: Origin, _in_full: bool) -> structures.Structure:
    return structures.structure_of_origin(origin)


def _declare_particle(origin: Origin, _in_full: bool) -> particles.Particle:
    return particles.particle_of_origin(origin)


CELL: Final = Kind(
    "cell.solver.march", _declare_cell, _hash_cell, _run_cell, readings_of_cell, _quiet_cell
)
STRUCTURE: Final = Kind(
    "numerics.granular", _declare_structure, _hash_structure, _run_structure,
    readings_of_structure, _as_it_is,
)  # fmt: skip
PARTICLE: Final = Kind(
    "particle.opening", _declare_particle, _hash_particle, _run_particle,
    readings_of_particle, _as_it_is,
)  # fmt: skip
