"""Runs that claims and panels share: each is done once; a folder keeps them."""

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any, Final, NamedTuple, final

from lithomech.cell.mechanisms.plugins import composition
from lithomech.cell.readout.load import load_result
from lithomech.cell.readout.record import input_hash
from lithomech.cell.readout.result import CellResult
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.cell.spec import Cell, load_cell
from lithomech.errors import InputError
from lithomech.files.atomic import replacing
from lithomech.files.kept import digest
from lithomech.materials.load import canonical, load_material
from lithomech.microstructure import spec as structures
from lithomech.microstructure.electrode import press_structure
from lithomech.microstructure.result import EffectiveProperties, load_effective
from lithomech.microstructure.spec import Structure, load_structure
from lithomech.particle import spec as particles
from lithomech.particle.fracture import crack_particle
from lithomech.particle.result import CrackedParticle
from lithomech.particle.spec import Particle, load_particle
from lithomech.version import __version__

Progress = Callable[[float, str], None]
Declared = Cell | Structure | Particle
Result = CellResult | EffectiveProperties | CrackedParticle

PACKAGE: Final = Path(__file__).parents[1]
CELLS: Final = Path(__file__).parent / "cells"
MODELS: Final = ("laws", "numerics", "materials", "particle", "microstructure", "cell")
COMPILING: Final = "compiling"
MOST_HELD: Final = 16  # results in memory where a folder keeps all
WAIT: Final = 0.2  # s between looks at the workers


@final
@dataclass(frozen=True)
class Run:
    """A run that a panel needs, as it is declared.

    Attributes:
        kind: cell | structure | particle.
        source: name of a cell of the folder `cells`, or of a packaged example.
        settings: keys that are changed, as behind `--set`.
        seconds: about what it takes on one core.
    """

    kind: str
    source: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.5

    def declared(self) -> Declared:
        """What is run."""
        path = CELLS / f"{self.source}.yaml"
        load = {"cell": load_cell, "structure": load_structure, "particle": load_particle}
        return load[self.kind](path if path.is_file() else self.source, dict(self.settings))

    def changed(self, **settings: object) -> "Run":
        """The same run with more keys changed; two underscores stand for a dot."""
        more = {key.replace("__", "."): value for key, value in settings.items()}
        return Run(self.kind, self.source, {**self.settings, **more}, self.seconds)


class _Sort(NamedTuple):
    """How results of a kind are made, written and read."""

    hashed: Callable[[Any], str]
    compute: Callable[[Any, Progress, Path | None], Any]
    save: Callable[[Any, Path], None]
    load: Callable[[Path], Any] | None


def _hash_cell(cell: Cell) -> str:
    return digest([composition().key, input_hash(resolve(cell))])


def _hash_structure(structure: Structure) -> str:
    names = {powder.material for powder in structure.composition.powders}
    return digest([structures.to_input(structure), _materials(names)])


def _hash_particle(particle: Particle) -> str:
    around = particle.electrolyte
    names = {particle.material, *((around.material,) if around else ())}
    return digest([particles.to_input(particle), _materials(names)])


def _materials(names: set[str]) -> list[object]:
    loaded = [load_material(name) for name in sorted(names)]
    return [canonical(material, material.properties) for material in loaded]


def _compute_particle(particle: Particle, progress: Progress, kept: Path | None) -> Any:  # noqa: ANN401
    return crack_particle(particle, progress, kept)


_SORTS: Final = {
    Cell: _Sort(
        _hash_cell,
        lambda cell, progress, _: run(cell, progress),
        lambda result, path: result.save(path),
        load_result,
    ),
    Structure: _Sort(
        _hash_structure,
        lambda structure, progress, _: press_structure(structure, progress),
        lambda result, path: result.save(path),
        load_effective,
    ),
    # its file of finished cycles is the result: from all of them it is made anew in no time
    Particle: _Sort(_hash_particle, _compute_particle, lambda _result, _path: None, None),
}


@final
class Runs:
    """Results by the hash of their input; in a folder they outlive the process.

    A hash covers the input, the materials, and the source code of the models.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Begin without results, or with those of the folder."""
        self.folder = folder
        self._held: dict[str, Any] = {}
        self._seconds: dict[str, float] = {}

    def cell(self, cell: Cell) -> CellResult:
        """The result of a cell."""
        return self._one(cell)

    def cells(self, cells: Sequence[Cell]) -> list[CellResult]:
        """The results of cells, side by side."""
        self.fill(cells)
        return [self._one(cell) for cell in cells]

    def structure(self, structure: Structure) -> EffectiveProperties:
        """The result of a structure."""
        return self._one(structure)

    def particle(self, particle: Particle) -> CrackedParticle:
        """The result of a particle."""
        return self._one(particle)

    def get(self, declared: Declared) -> Any:  # noqa: ANN401
        """The result of what is declared, of its kind."""
        return self._one(declared)

    def seconds(self, declared: Declared) -> float:
        """How long it took when it was computed; 0 if it was not."""
        key = self.key(declared)
        if key not in self._seconds and (record := self._record(key)):
            self._seconds[key] = float(record["seconds"])
        return self._seconds.get(key, 0.0)

    @staticmethod
    def key(declared: Declared) -> str:
        """Hash of all that a result depends on."""
        sort = _SORTS[type(declared)]
        return digest([__version__, sources(), type(declared).__name__, sort.hashed(declared)])

    @property
    def spent(self) -> float:
        """Seconds that all runs took of which this process knows, each counted once."""
        return sum(self._seconds.values())

    def has(self, declared: Declared) -> bool:
        """Whether it is computed already."""
        key = self.key(declared)
        return key in self._held or self._record(key) is not None

    def fill(
        self,
        wanted: Sequence[Declared],
        progress: Progress | None = None,
        costs: Sequence[float] = (),
    ) -> None:
        """Compute what is missing, side by side; what is finished is kept whatever follows.

        Args:
            wanted: any kinds.
            progress: called with the fraction done and a text.
            costs: about the seconds of each; all alike if not given.

        Raises:
            KeyboardInterrupt: Ctrl-C.
        """
        missing: dict[str, tuple[Declared, float]] = {}
        for declared, cost in zip(wanted, costs or [1.0] * len(wanted), strict=True):
            if not self.has(declared):
                missing.setdefault(self.key(declared), (declared, cost))
        if not missing:
            return
        stop, shares, notes = Event(), dict.fromkeys(missing, 0.0), dict[str, str]()

        def work(key: str) -> None:
            def watch(fraction: float, text: str) -> None:
                shares[key], notes[key] = fraction, text
                if stop.is_set():
                    raise InterruptedError

            self._compute(key, missing[key][0], watch)
            shares[key] = 1.0

        with ThreadPoolExecutor(min(os.cpu_count() or 1, len(missing))) as pool:
            left: set[Future[None]] = {pool.submit(work, key) for key in missing}
            try:
                costs_by_key = {key: cost for key, (_, cost) in missing.items()}
                _watch(left, costs_by_key, _Reports(shares, notes), progress)
            except BaseException:
                stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _one(self, declared: Declared) -> Any:  # noqa: ANN401
        key = self.key(declared)
        if key in self._held:
            return self._held[key]
        record, load = self._record(key), _SORTS[type(declared)].load
        if record is not None and load is not None:
            try:
                return self._hold(key, load(self._path(key)))
            except InputError:  # damaged: it is computed anew
                record = None
        return self._compute(key, declared, _no_progress, known=record)

    def _hold(self, key: str, result: Any) -> Any:  # noqa: ANN401
        """Keep a result in memory; of those that a folder has, only the last ones."""
        self._held[key] = result
        if self.folder is not None:
            for old in list(self._held)[:-MOST_HELD]:
                self._held.pop(old, None)
        return result

    def _compute(
        self,
        key: str,
        declared: Declared,
        progress: Progress,
        known: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        """Compute and keep; a run that was done before, of which no file is, keeps its time."""
        begun, sort = time.perf_counter(), _SORTS[type(declared)]
        kept = None
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            kept = self._path(key).with_suffix(".npz")
        result = sort.compute(declared, progress, kept)
        self._seconds[key] = known["seconds"] if known else time.perf_counter() - begun
        if self.folder is None or known:
            return self._hold(key, result)
        sort.save(result, self._path(key))
        record = {"name": declared.name, "status": result.status, "seconds": self._seconds[key]}
        with replacing(self._path(key).with_suffix(".json")) as temporary:
            temporary.write_text(json.dumps(record) + "\n", encoding="utf-8")
        return self._hold(key, result)

    def _record(self, key: str) -> dict[str, Any] | None:
        """What was written when the run was finished."""
        if self.folder is None:
            return None
        try:
            found = json.loads(self._path(key).with_suffix(".json").read_text(encoding="utf-8"))
            return {**found, "seconds": float(found["seconds"])}
        except (OSError, ValueError, TypeError, KeyError):  # none, or damaged
            return None

    def _path(self, key: str) -> Path:
        return (self.folder or Path()) / f"{key[:24]}.nc"


class _Reports(NamedTuple):
    """What the workers report of their runs: fractions done, and texts."""

    shares: Mapping[str, float]
    notes: Mapping[str, str]


def _watch(
    left: "set[Future[None]]",
    costs: Mapping[str, float],
    reports: _Reports,
    progress: Progress | None,
) -> None:
    """Wait for all workers; the first error of one is raised."""
    total = sum(costs.values())
    while left:
        done, left = wait(left, timeout=WAIT, return_when=FIRST_COMPLETED)
        for one in done:
            one.result()
        if progress is not None:
            share = sum(cost * reports.shares[key] for key, cost in costs.items()) / total
            compiling = [text for text in reports.notes.values() if text.startswith(COMPILING)]
            words = f"{len(left)} run{'s' * (len(left) != 1)} to go"
            progress(share, compiling[0] if compiling else words)


def _no_progress(_fraction: float, _text: str) -> None:
    return


@cache
def sources() -> str:
    """Hash of the source code of the models."""
    found = sha256()
    for folder in MODELS:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            found.update(path.relative_to(PACKAGE).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()
