"""Impedance spectra: a test of the data, the fit of a circuit, and relaxation times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import checked_progress
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.circuit import Circuit, Leaf, Parallel, Part, Series, parse_circuit
from lithomech.observe.circuit_fit import Fit, fit_circuit
from lithomech.observe.inputs import Spectra, spectra_of
from lithomech.observe.kramers_kronig import KramersKronig, kramers_kronig
from lithomech.observe.relaxation_times import RelaxationTimes, relaxation_times
from lithomech.observe.spectrum import OHM, TESTED, Spectrum

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

Progress = Callable[[float, str], None]

DEFAULT: Final = "R0-p(R1,Q1)-p(R2,Q2)-W1"
UNKNOWN: Final = 0.5  # relative deviation above which a parameter is not determined by the data
POOR: Final = 0.02  # misfit above which a circuit does not describe the data
PER_AREA: Final = {  # units of parameters of an impedance in ohm cm2
    "ohm": "ohm cm2",
    "ohm s^-0.5": "ohm cm2 s^-0.5",
    "F": "F/cm2",
    "S s^n": "S s^n/cm2",
    "H": "H cm2",
}


class Analysed(NamedTuple):
    """One spectrum and what was found in it."""

    spectrum: Spectrum
    test: KramersKronig
    fit: Fit
    times: RelaxationTimes


@final
@dataclass(frozen=True)
class Impedance(AbstractAnalysis):
    """Spectra with their test, their fit and their relaxation times.

    Attributes:
        circuit: that was fitted to each.
        spectra: in the order given.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    circuit: Circuit
    spectra: tuple[Analysed, ...] = field(repr=False)

    @property
    def unit(self) -> str:
        """Unit of the impedance: ``ohm`` or ``ohm cm2``."""
        return self.spectra[0].spectrum.unit

    @property
    def units(self) -> tuple[str, ...]:
        """Units of the parameters of the circuit."""
        written = (parameter.unit for parameter in self.circuit.parameters)
        if self.unit == OHM:
            return tuple(written)
        return tuple(PER_AREA.get(unit, unit) for unit in written)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Parameters of the first spectrum."""
        first = self.spectra[0]
        quantities = [
            Quantity(name, value, unit, deviation, parameter.kind)
            for name, parameter, unit, value, deviation in zip(
                self.circuit.names,
                self.circuit.parameters,
                self.units,
                first.fit.values.tolist(),
                first.fit.deviation.tolist(),
                strict=True,
            )
        ]
        quantities.append(Quantity("Misfit", 100.0 * first.fit.misfit, "%"))
        quantities.append(
            Quantity(
                "Kramers-Kronig residual",
                100.0 * first.test.residual,
                "%",
                note=first.test.verdict,
            )
        )
        return tuple(quantities)

    def series(self, name: str) -> tuple[Floats, Floats]:
        """A parameter over the spectra, and its deviation.

        Args:
            name: such as ``R1``.

        Raises:
            InputError: the circuit has no such parameter.
        """
        if name not in self.circuit.names:
            raise InputError(
                f"{name!r} is no parameter; there are {', '.join(self.circuit.names)}"
            )
        k = self.circuit.names.index(name)
        return (
            np.array([one.fit.values[k] for one in self.spectra]),
            np.array([one.fit.deviation[k] for one in self.spectra]),
        )

    def contact_area(self) -> Floats:
        """Contact area over that of the first spectrum, from the Warburg coefficient.

        Raises:
            InputError: the circuit has no Warburg element.

        References:
            Wang2021 (the Warburg coefficient is inverse to the contact area).
        """
        name = next((n for n in self.circuit.names if n.startswith("W")), None)
        if name is None:
            raise InputError("the circuit has no Warburg element W")
        sigma, _ = self.series(name)
        return sigma[0] / sigma

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """Parameters, spectra with fit, and relaxation times."""
        labels = [
            f"{name} / {unit}" if unit else name
            for name, unit in zip(self.circuit.names, self.units, strict=True)
        ]
        table: dict[str, NDArray[Any]] = {
            "spectrum": np.array([s.spectrum.name for s in self.spectra])
        }
        for key in sorted({k for s in self.spectra for k in s.spectrum.conditions}):
            table[key] = np.array(
                [s.spectrum.conditions.get(key, np.nan) for s in self.spectra]
            )
        for label, name in zip(labels, self.circuit.names, strict=True):
            table[label], table[f"deviation of {label}"] = self.series(name)
        table["misfit"] = np.array([s.fit.misfit for s in self.spectra])
        table["Kramers-Kronig residual"] = np.array([s.test.residual for s in self.spectra])
        return {"parameters": table} | self._points()

    def _points(self) -> dict[str, dict[str, NDArray[Any]]]:
        """All spectra below each other, with their fits, and all relaxation times."""
        every = self.spectra
        fits = [self.circuit.impedance(one.spectrum.frequency, one.fit.values) for one in every]
        z = np.concatenate([one.spectrum.impedance for one in every])
        counts = [one.spectrum.frequency.size for one in every]
        lengths = [one.times.tau.size for one in every]
        names = np.array([one.spectrum.name for one in every])
        ohm = self.unit.capitalize()
        spectra = {
            "spectrum": np.repeat(names, counts),
            "Frequency / Hz": np.concatenate([one.spectrum.frequency for one in every]),
            f"Real Impedance / {ohm}": z.real,
            f"Imaginary Impedance / {ohm}": z.imag,
            f"fit, real / {ohm}": np.real(np.concatenate(fits)),
            f"fit, imaginary / {ohm}": np.imag(np.concatenate(fits)),
        }
        times = {
            "spectrum": np.repeat(names, lengths),
            "Relaxation Time / s": np.concatenate([one.times.tau for one in every]),
            f"density / {ohm}": np.concatenate([one.times.density for one in every]),
        }
        return {"spectra": spectra, "relaxation times": times}

    def plot(self) -> "Figure":
        """Draw spectra, fits, residuals and relaxation times."""
        from lithomech.plot.eis import overview  # noqa: PLC0415  the upward reference

        return overview(self)


def eis(
    spectra: Spectra, circuit: str = DEFAULT, progress: Progress | None = None
) -> Impedance:
    """Test, fit and resolve spectra; each after the first also begins from the one before.

    Args:
        spectra: one or more; or files of them.
        circuit: such as ``R0-p(R1,Q1)-W1``.
        progress: called with the fraction completed and a status message.

    Raises:
        InputError: no spectra, spectra in ohm beside spectra in ohm cm2, or the circuit
            cannot be read or has too many parameters.

    Examples:
        >>> import lithomech as lm
        >>> first, *_ = lm.read_spectra("measured/spectra.csv")
        >>> lm.eis(first, "R0-p(R1,Q1)-W1").status
        'completed'
    """
    spectra, progress = spectra_of(spectra), checked_progress(progress)
    if not spectra:
        raise InputError("there is no spectrum")
    units = {one.unit for one in spectra}
    if len(units) > 1:
        raise InputError(
            "some spectra are in ohm and some in ohm cm2; give the area for those in ohm, or "
            "analyse them apart"
        )
    parsed = parse_circuit(circuit)
    analyses: list[Analysed] = []
    for n, spectrum in enumerate(spectra):
        progress(n / len(spectra), spectrum.name)
        points = spectrum.frequency.size
        needed = max(TESTED, len(parsed.names) // 2 + 1)
        if points < needed:
            raise InputError(
                f"{spectrum.name}: {points} points are too few for the {len(parsed.names)} "
                f"parameters of {parsed.text}; it takes {needed}"
            )
        start = analyses[-1].fit.values if analyses else None
        fit = ordered(parsed, fit_circuit(spectrum, parsed, start))
        analyses.append(
            Analysed(spectrum, kramers_kronig(spectrum), fit, relaxation_times(spectrum))
        )
    return Impedance(*_verdict(parsed, analyses), parsed, tuple(analyses))


def ordered(circuit: Circuit, fit: Fit) -> Fit:
    """Give blocks that are alike their names in the order of their time constants."""
    place = np.arange(len(circuit.names))
    _sort(circuit.tree, fit.values, place)
    return fit._replace(
        values=fit.values[place], deviation=fit.deviation[place], at_bound=fit.at_bound[place]
    )


def _sort(part: Part, values: Floats, place: NDArray[np.intp]) -> None:
    if isinstance(part, Leaf):
        return
    for inner in part.parts:
        _sort(inner, values, place)
    if not isinstance(part, Series):
        return
    alike: dict[str, list[Parallel]] = {}
    for inner in part.parts:
        if isinstance(inner, Parallel) and np.isfinite(_time(inner, values)):
            shape = "".join(leaf.element.symbol for leaf in _leaves(inner))
            alike.setdefault(shape, []).append(inner)
    for blocks in alike.values():
        slots = [_numbers(block) for block in blocks]
        new = sorted(blocks, key=lambda block: _time(block, values))
        taken = [place[_numbers(block)].copy() for block in new]
        for slot, numbers in zip(slots, taken, strict=True):
            place[slot] = numbers


def _leaves(part: Part) -> list[Leaf]:
    return [part] if isinstance(part, Leaf) else [x for p in part.parts for x in _leaves(p)]


def _numbers(part: Part) -> list[int]:
    return [
        leaf.first + k for leaf in _leaves(part) for k in range(len(leaf.element.parameters))
    ]


def _time(part: Part, values: Floats) -> float:
    """Time constant of a block of a resistance beside a capacitance; nan of another."""
    leaves = {leaf.element.symbol: leaf for leaf in reversed(_leaves(part))}
    if "R" not in leaves:
        return np.nan
    resistance = values[leaves["R"].first]
    if "C" in leaves:
        return float(resistance * values[leaves["C"].first])
    if "Q" not in leaves:
        return np.nan
    q, n = values[leaves["Q"].first : leaves["Q"].first + 2]
    return float((resistance * q) ** (1.0 / n))


def _verdict(
    circuit: Circuit, analyses: Sequence[Analysed]
) -> tuple[str, str, tuple[str, ...]]:
    warnings = []
    for one in analyses:
        name = one.spectrum.name
        warnings += [f"{name}: {note}" for note in one.spectrum.notes]
        if not one.test.consistent:
            warnings.append(f"{name}: {one.test.verdict}")
        relative = one.fit.deviation / np.maximum(np.abs(one.fit.values), 1e-300)
        lost = [n for n, r in zip(circuit.names, relative, strict=True) if not r < UNKNOWN]
        if lost:
            warnings.append(f"{name}: the data do not determine {', '.join(lost)}")
        ends = [n for n, end in zip(circuit.names, one.fit.at_bound, strict=True) if end]
        if ends:
            warnings.append(f"{name}: {', '.join(ends)} ran to the end of what is allowed")
        inductive = bool(one.spectrum.impedance[0].imag > 0.0)
        if inductive and "inductance" not in {p.kind for p in circuit.parameters}:
            warnings.append(f"{name}: inductive at its highest frequency; the circuit has no L")
        if one.fit.misfit > POOR:
            warnings.append(
                f"{name}: {circuit.text} misses the data by {100 * one.fit.misfit:.2g} %"
            )
    failed = [one.spectrum.name for one in analyses if not one.fit.settled]
    if failed:
        return (
            "not converged",
            f"the fit of {', '.join(failed)} did not settle",
            tuple(warnings),
        )
    return COMPLETED, f"{len(analyses)} spectra fitted with {circuit.text}", tuple(warnings)
