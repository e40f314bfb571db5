"""A composite electrode from its grains: pressed piece by piece, then measured."""

import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, fields
from pathlib import Path
from threading import Event
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from lithomech.files import kept
from lithomech.files.arguments import checked_progress, folder_of
from lithomech.files.origin import Source
from lithomech.laws.transport import tortuosity_factor
from lithomech.microstructure.grains import Floats, Mixture, mean_diameter, resolve
from lithomech.microstructure.loads import (
    carried_by,
    force_lines,
    mechanical_contact,
    point_loads,
)
from lithomech.microstructure.network import electron_network, spanning_grains
from lithomech.microstructure.pack import Pellet, Progress, press
from lithomech.microstructure.result import QUANTITIES, EffectiveProperties
from lithomech.microstructure.solve import conduct
from lithomech.microstructure.spec import Conductors, Structure, load_structure, to_input
from lithomech.microstructure.stiffness import pressed_modulus
from lithomech.microstructure.voxelise import (
    VOLUME_MET,
    Voxels,
    covered_fraction,
    voxelise,
)
from lithomech.version import __version__

VOXELS_PER_GRAIN: Final = 12.0  # across the smallest mean diameter
DENSE: Final = 0.9  # solid fraction up to which contacts of a grain do not meet
MODULUS_MET: Final = 1e-2  # residual; the energy is met to its square, without voids
PRESSING: Final = 0.9  # share of the work, for the progress bar


def _structure(value: object) -> Structure:
    return value if isinstance(value, Structure) else load_structure(cast("Source", value))


def press_structure(
    structure: Structure | Source,
    progress: Progress | None = None,
    folder: Path | str | None = None,
) -> EffectiveProperties:
    """Press the pieces of a structure and measure them at each stack pressure.

    Args:
        structure: what is pressed; or its file, the name of a packaged example, or a dict.
        progress: called with the fraction completed and a status message.
        folder: where finished pieces are kept, so that a run that was stopped goes on.

    Raises:
        InputError: materials or box do not suit the grains.

    Examples:
        >>> import lithomech as lm
        >>> lm.press_structure("nowhere")
        Traceback (most recent call last):
        lithomech.errors.InputError: nowhere: ...
    """
    begun = time.perf_counter()
    structure = _structure(structure)
    folder = folder_of(folder, "folder")
    mixture = resolve(structure)
    seeds = tuple(range(structure.seeds))
    report = checked_progress(progress)
    size = structure.voxel_size or smallest(structure) / VOXELS_PER_GRAIN
    found: list[dict[str, Floats]] = []
    pressed: list[Pellet] = []
    picture: tuple[Pellet, Voxels, Voxels] | None = None
    at_rest, densest, unmet = True, 0.0, 0.0
    for seed, pellets in enumerate(_pressed(structure, mixture, seeds, report, folder)):
        rows = []
        for pellet in pellets[1:]:
            fine, rough = (voxelise(pellet, mixture.active, s) for s in (size, 2.0 * size))
            rows.append(measure(pellet, (fine, rough), mixture))
            picture = picture or (pellet, fine, rough)
            unmet = max(unmet, fine.volume_error)
        found.append({name: np.array([row[name] for row in rows]) for name in QUANTITIES})
        pressed.append(pellets[0])
        at_rest = at_rest and all(p.at_rest for p in pellets)
        densest = max(densest, *(p.solid_fraction for p in pellets))
        report(PRESSING + (1.0 - PRESSING) * (seed + 1) / len(seeds), "conduction")
    if picture is None:
        raise AssertionError("a structure has a piece")
    return EffectiveProperties(
        structure.name,
        *_verdict(at_rest),
        warnings=(*_volume_warning(unmet), *_warnings(structure, pressed, found, densest)),
        input=to_input(structure),
        stack_pressures=np.array(structure.stack_pressures),
        seeds=seeds,
        quantities={name: np.array([f[name] for f in found]) for name in QUANTITIES},
        pressed={
            "porosity": np.array([1.0 - p.solid_fraction for p in pressed]),
            "pressure": np.array([p.stress[0] for p in pressed]),
        },
        solid_shares=_shares(mixture),
        conductivities={"ionic": mixture.kappa, "electronic": _dense_sigma(mixture)},
        constrained_modulus={
            "welded": _welded(picture[2], mixture),
            "loose": _loose(structure, found),
        },
        labels=picture[1].labels,
        grains=picture[1].grains,
        spacing=picture[1].spacing,
        forces=force_lines(picture[0]),
        wall_time_s=time.perf_counter() - begun,
        provenance=_provenance(mixture, size),
    )


def _shares(mixture: Mixture) -> dict[str, float]:
    """Of the solid volume, by material; powders of one material add up."""
    shares: dict[str, float] = {}
    for sort in mixture.sorts:
        shares[sort.name] = shares.get(sort.name, 0.0) + sort.share
    return shares


def _welded(image: Voxels, mixture: Mixture) -> float:
    """Constrained modulus if all grains that touch were one [Pa]."""
    moduli = {k + 1: (sort.E, sort.nu) for k, sort in enumerate(mixture.sorts)}
    return pressed_modulus(image.labels, moduli, MODULUS_MET)


def _loose(structure: Structure, found: list[dict[str, Floats]]) -> float:
    """Stress over strain between the two highest stack pressures [Pa]."""
    pressures = np.array(structure.stack_pressures)
    if pressures.size < 2:
        return np.nan
    high, low = np.argsort(-pressures, kind="stable")[:2]
    heights = np.mean([f["height"] for f in found], axis=0)
    strain = np.log(heights[low] / heights[high])
    return float((pressures[high] - pressures[low]) / strain) if strain > 0.0 else np.nan


def smallest(structure: Structure) -> float:
    """The smallest mean diameter [m] of the powders."""
    return min(mean_diameter(p) for p in structure.composition.powders if p.weight > 0.0)


def measure(
    pellet: Pellet, images: tuple[Voxels, Voxels], mixture: Mixture
) -> dict[str, float]:
    """The quantities of one piece at rest.

    Args:
        pellet: the piece.
        images: the piece with fine and with twice as large voxels. Gaps narrower than a voxel
            look closed, so the covered fraction is extrapolated to none, linearly.
        mixture: its powders.
    """
    phi = images[0].volume_fractions
    (kappa, tau2_ionic), (rough, _) = (ionic_conduction(image, mixture) for image in images)
    covered = [covered_fraction(v, mixture.active, mixture.electrolyte) for v in images]
    network = electron_network(pellet, mixture)
    sigma = np.array([sort.sigma for sort in mixture.sorts])
    phi_sigma = float(np.sum(sigma * phi[1:]))
    active = mixture.active[pellet.sorts]
    touching = pellet.force > 0.0
    welded = spanning_grains(
        pellet, pellet.most_overlap > 0.0, pellet.sorts == mixture.electrolyte
    )
    fed = touched_by(pellet, welded) & active
    volume = pellet.radii**3
    whole = float(volume[active].sum())
    both = active[pellet.pairs].all(axis=1) & touching
    pressure, carried = carried_by(pellet, active)
    return {
        "porosity": float(phi[0]),
        "conductivity_ionic": kappa,
        "conductivity_electronic": network.conductivity,
        "tortuosity_factor_ionic": tau2_ionic,
        "tortuosity_factor_electronic": float(
            tortuosity_factor(1.0, phi_sigma, network.conductivity)
        )
        if network.conductivity > 0.0
        else np.inf,
        "covered_fraction": max(2.0 * covered[0] - covered[1], 0.0),
        "contact_fraction": mechanical_contact(pellet, active, mixture.electrolyte)
        / (4.0 * np.pi * float(np.sum(pellet.radii[active] ** 2))),
        "utilisation": float(volume[fed & network.spanning].sum()) / whole,
        "utilisation_ionic": float(volume[fed].sum()) / whole,
        "coordination": pellet.coordination,
        "active_coordination": 2.0 * float(both.sum()) / max(int(active.sum()), 1),
        "active_pressure": pressure,
        "point_load_tension": float(point_loads(pellet, active).mean()),
        "load_share": carried / float(pellet.stress[0]),
        "height": float(pellet.box[0]),
        "resolution_ionic": abs(rough / kappa - 1.0) if kappa > 0.0 else np.nan,
    }


def ionic_conduction(image: Voxels, mixture: Mixture) -> tuple[float, float]:
    """Conductivity [S/m] and tortuosity factor of ions along the axis of pressing."""
    label = mixture.electrolyte + 1
    if image.volume_fractions[label] == 0.0:
        return 0.0, np.inf
    found = conduct(
        image.labels,
        Conductors({label: mixture.kappa}, voxel_size=float(image.spacing[1]), periodic=True),
    )
    return float(found.conductivity or 0.0), found.tortuosity_factor


def touched_by(pellet: Pellet, some: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Grains that touch one of some, by a contact that pressing made."""
    made = pellet.most_overlap > 0.0
    i, j = pellet.pairs[made].T
    out = np.zeros(pellet.radii.size, np.bool_)
    out[i[some[j]]] = True
    out[j[some[i]]] = True
    return out


def _dense_sigma(mixture: Mixture) -> float:
    """Electronic conductivity of the solids that conduct, were they dense and alone [S/m]."""
    shares = np.array([s.share for s in mixture.sorts if s.sigma > 0.0])
    sigma = np.array([s.sigma for s in mixture.sorts if s.sigma > 0.0])
    return float(np.sum(shares * sigma) / np.sum(shares)) if shares.size else 0.0


def _verdict(at_rest: bool) -> tuple[str, str]:
    if at_rest:
        return "completed", "every piece came to rest at every pressure"
    return "not converged", "a piece did not come to rest: forces do not balance"


def _volume_warning(unmet: float) -> tuple[str, ...]:
    if unmet < VOLUME_MET:
        return ()
    return (
        f"the image has {100 * unmet:.2g} % more or less of a powder than the grains: smaller "
        "voxels leave room for what they displace",
    )


def _warnings(
    structure: Structure, pressed: list[Pellet], found: list[dict[str, Floats]], densest: float
) -> tuple[str, ...]:
    warnings = []
    if densest > DENSE:
        warnings.append(
            f"{100 * densest:.0f} % solid under pressure: above {100 * DENSE:g} % the contacts "
            "of a grain meet, and the model needs too little pressure"
        )
    wanted = structure.fabrication.porosity
    if wanted is not None:
        reached = float(np.mean([f["porosity"].min() for f in found]))
        most = max(structure.stack_pressures)
        if reached < wanted - 0.01 and any(p.stress[0] < most for p in pressed):
            warnings.append(
                f"the stack pressure of {most / 1e6:g} MPa alone presses it to "
                f"{100 * reached:.1f} % porosity, below the {100 * wanted:g} % asked for"
            )
    return tuple(warnings)


def _provenance(mixture: Mixture, voxel_size: float) -> dict[str, Any]:
    sorts = [
        {k: v if not isinstance(v, float) or np.isfinite(v) else None for k, v in row.items()}
        for row in map(asdict, mixture.sorts)
    ]
    return {"powders": sorts, "voxel_size_m": voxel_size, "density_kg_per_m3": mixture.density}


def _pressed(
    structure: Structure,
    mixture: Mixture,
    seeds: tuple[int, ...],
    progress: Progress,
    folder: Path | None,
) -> Iterator[list[Pellet]]:
    """Yield the pellets of each seed in turn; all are pressed beside each other."""
    done = np.zeros(len(seeds))
    stop = Event()

    def work(seed: int) -> list[Pellet]:
        def watch(fraction: float, text: str) -> None:
            if stop.is_set():
                raise InterruptedError
            done[seed] = fraction
            progress(PRESSING * float(done.mean()), text)

        return _kept(structure, mixture, seed, watch, folder)

    with ThreadPoolExecutor(max(1, os.cpu_count() or 1)) as pool:
        jobs: list[Future[list[Pellet]]] = [pool.submit(work, seed) for seed in seeds]
        try:
            for job in jobs:
                while not job.done():
                    wait([job], timeout=0.2)  # so that an interrupt is noticed
                yield job.result()
        except BaseException:
            stop.set()
            for job in jobs:
                job.cancel()
            raise


def _kept(
    structure: Structure,
    mixture: Mixture,
    seed: int,
    watch: Progress,
    folder: Path | None,
) -> list[Pellet]:
    """Press a piece, or take it from the folder where an earlier run left it."""
    if folder is None:
        return press(structure, mixture, seed, watch)
    path = folder / f"seed_{seed}.npz"
    mark = _mark(structure, mixture)
    held = kept.read(path, mark)
    if held is not None:
        stages = 1 + max(int(name.partition("/")[0]) for name in held)
        return [_pellet(held, k) for k in range(stages)]
    pellets = press(structure, mixture, seed, watch)
    kept.write(path, mark, _arrays(pellets))
    return pellets


def _mark(structure: Structure, mixture: Mixture) -> str:
    """What a kept piece depends on."""
    data = to_input(structure.replace(name="", seeds=1, voxel_size=None))
    return kept.digest([data, repr(mixture), __version__])


def _arrays(pellets: list[Pellet]) -> dict[str, NDArray[Any]]:
    return {
        f"{k}/{f.name}": np.asarray(getattr(pellet, f.name))
        for k, pellet in enumerate(pellets)
        for f in fields(pellet)
    }


def _pellet(held: Mapping[str, NDArray[Any]], stage: int) -> Pellet:
    values = {f.name: held[f"{stage}/{f.name}"] for f in fields(Pellet)}
    return Pellet(**{**values, "at_rest": bool(values["at_rest"])})
