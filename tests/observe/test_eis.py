"""Spectra whose circuit is known: parameters, relaxation times, tests of the data."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_less

from lithomech.errors import InputError
from lithomech.observe.circuit import parse_circuit
from lithomech.observe.circuit_elements import ELEMENTS
from lithomech.observe.circuit_fit import fit_circuit
from lithomech.observe.eis import eis, ordered
from lithomech.observe.kramers_kronig import kramers_kronig
from lithomech.observe.relaxation_times import relaxation_times
from lithomech.observe.spectrum import Spectrum
from oracles import measured

FREQUENCY = np.geomspace(1e6, 1e-3, 181)  # 20 per decade
NOISE = 5e-3  # root mean square of the complex error over |Z|
CASES = 40  # of each circuit
CIRCUITS = {
    "R0-p(R1,C1)-p(R2,C2)": (),
    "R0-p(R1,Q1)-p(R2,Q2)": ((1, 2, 3), (4, 5, 6)),
    "R0-p(R1,Q1)-W1": ((1, 2, 3),),
    "R0-p(R1-Wo1,C1)": (),
    "p(R0,Q0)-p(R1,Q1)-Ws1": ((0, 1, 2), (3, 4, 5)),
}


def noisy(z, chance, noise=NOISE):
    error = chance.standard_normal((2, z.size)) / np.sqrt(2.0)
    return z + noise * np.abs(z) * (error[0] + 1j * error[1])


def drawn(name, chance):
    """Resistances within a factor of three, time constants 1.5 to 2.5 decades apart."""
    r = 10 ** chance.uniform(1.0, 1.5, 3)
    n = chance.uniform(0.8, 1.0, 2)
    first = 10 ** chance.uniform(-5.5, -4.5)
    second, third = first * 10 ** np.cumsum(chance.uniform(1.5, 2.5, 2))
    return {
        "R0-p(R1,C1)-p(R2,C2)": (r[0], r[1], first / r[1], r[2], second / r[2]),
        "R0-p(R1,Q1)-p(R2,Q2)": (
            (r[0], r[1], first ** n[0] / r[1], n[0], r[2], second ** n[1] / r[2], n[1])
        ),
        "R0-p(R1,Q1)-W1": (
            r[0],
            r[1],
            first ** n[0] / r[1],
            n[0],
            r[1] / np.sqrt(2.0 * second),
        ),
        "R0-p(R1-Wo1,C1)": (r[0], r[1], r[2], second * 10, first / r[1]),
        "p(R0,Q0)-p(R1,Q1)-Ws1": (
            (r[0], first ** n[0] / r[0], n[0], r[1], second ** n[1] / r[1], n[1], r[2], third)
        ),
    }[name]


def with_times(values, blocks):
    """Time constants (R Q)^(1/n) in place of Q, whose unit changes with n."""
    values = np.array(values, float)
    for r, q, n in blocks:
        values[q] = (values[r] * values[q]) ** (1.0 / values[n])
    return values


@pytest.mark.deep
def test_five_circuits_come_back_without_start_values():
    """Within 2 % in at least 95 % of 200 cases; the misfit never above that of the truth."""
    hits, lowest = [], []
    for name, blocks in CIRCUITS.items():
        chance = np.random.default_rng(7)
        circuit = parse_circuit(name)
        for _ in range(CASES):
            truth = drawn(name, chance)
            z = measured.impedance(name, FREQUENCY, truth)
            seen = noisy(z, chance)
            fit = ordered(circuit, fit_circuit(Spectrum(FREQUENCY, seen), circuit))
            error = np.abs(with_times(fit.values, blocks) / with_times(truth, blocks) - 1.0)
            hits.append(error.max() < 0.02)
            own = np.sqrt(np.mean(np.abs((z - seen) / seen) ** 2))
            lowest.append(fit.misfit < 1.001 * own)
    assert len(hits) == 200
    assert np.mean(lowest) >= 0.99
    assert np.mean(hits) >= 0.95, np.mean(hits)


def test_deviations_are_what_they_say():
    """Of many spectra, 68 % of the errors are within one deviation (binomial: 0.6 to 0.76)."""
    name, chance = "R0-p(R1,Q1)-p(R2,Q2)", np.random.default_rng(3)
    circuit = parse_circuit(name)
    truth = np.array(drawn(name, chance))
    z = measured.impedance(name, FREQUENCY[::3], truth)
    inside = []
    for _ in range(60):
        fit = fit_circuit(Spectrum(FREQUENCY[::3], noisy(z, chance)), circuit, start=truth)
        inside.append(np.abs(fit.values - truth) < fit.deviation)
    assert 0.6 < np.mean(inside) < 0.76


@pytest.mark.parametrize("symbol", ELEMENTS)
def test_slopes_of_elements(symbol):
    """Along the logarithm of each parameter, against central differences."""
    element = ELEMENTS[symbol]
    omega = np.geomspace(1e-3, 1e7, 60)
    usual = {"exponent": 0.8, "resistance": 20.0, "time": 0.3, "phase": 1e-3}
    p = [np.array([usual.get(x.kind, 1e-2)]) for x in element.parameters]
    z, slopes = element.impedance(omega, p)
    for k, slope in enumerate(slopes):
        ends = []
        for by in (1e-5, -1e-5):
            moved = [v * np.exp(by) if n == k else v for n, v in enumerate(p)]
            ends.append(element.impedance(omega, moved)[0])
        assert_allclose(slope, (ends[0] - ends[1]) / 2e-5, atol=2e-5 * np.abs(z).max())
    assert np.all(np.isfinite(z))


def test_composite_electrode_is_a_ladder_of_resistors():
    """The transmission line against 4000 rungs that are solved as a network; error 1/4000."""
    f = np.geomspace(1e5, 1e-3, 25)
    circuit = parse_circuit("Tr1")
    z = circuit.impedance(f, np.array([30.0, 12.0, 50.0, 2e-3, 0.9]))
    ladder = measured.ladder(f, 30.0, 12.0, 50.0, 2e-3, 0.9)
    assert_array_less(np.abs(z - ladder), 1.5e-3 * np.abs(ladder))


def test_limits_of_the_composite_electrode():
    """Slow and without reaction: a third of both rails before a capacitor, no cross term."""
    circuit = parse_circuit("T1")
    ionic, electronic, q = 30.0, 12.0, 2e-3
    z = circuit.impedance(np.array([1e-6]), np.array([ionic, electronic, q, 1.0]))[0]
    # power at uniform charging: int (R_i (1-y)^2 + R_e y^2) dy
    assert_allclose(z.real, (ionic + electronic) / 3.0, rtol=1e-6)
    assert_allclose(z.imag, -1.0 / (2e-6 * np.pi * q), rtol=1e-6)
    fast = circuit.impedance(np.array([1e9]), np.array([ionic, electronic, q, 1.0]))[0]
    assert_allclose(fast.real, ionic * electronic / (ionic + electronic), rtol=1e-3)


def test_both_rails_come_back():
    """From their own spectrum with 0.2 % of noise, in series with a contact."""
    circuit = parse_circuit("R0-T1")
    truth = np.array([8.0, 40.0, 15.0, 3e-3, 0.92])
    f = np.geomspace(1e5, 1e-3, 81)
    z = truth[0] + measured.ladder(f, 40.0, 15.0, 1e12, 3e-3, 0.92)
    fit = fit_circuit(Spectrum(f, noisy(z, np.random.default_rng(1), 2e-3)), circuit)
    # both rails may change places: the spectrum is the same
    rails = np.sort(fit.values[1:3])
    assert_allclose(rails, [15.0, 40.0], rtol=0.1)
    assert_allclose(fit.values[3:], truth[3:], rtol=0.02)


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("", "unexpected 'the end'"),
        ("R0-", "unexpected 'the end' at character 4"),
        ("R0-p(R1)", "only one part"),
        ("R0-p(R1,Q1", "expected ')' before 'the end'"),
        ("R0-X1", "unexpected 'X1' at character 4"),
        ("R0-R0", "R0 is there twice"),
        ("R0)", "unexpected ')'"),
        ("__import__('os')", "unexpected"),
        ("p(" * 300 + "R1", "longer than"),
        ("-".join(f"R{k}" for k in range(25)), "more than 20 elements"),
    ],
)
def test_circuits_that_cannot_be_read(text, reported):
    with pytest.raises(InputError) as caught:
        parse_circuit(text)
    assert reported in str(caught.value)
    assert len(str(caught.value)) < 300


def two_arcs(chance):
    name = "R0-p(R1,Q1)-p(R2,Q2)"
    values = drawn(name, chance)
    times = with_times(values, CIRCUITS[name])[[2, 5]]
    return name, values, times


@pytest.mark.parametrize(("noise", "share"), [(1e-3, 0.95), (5e-3, 0.8)])
def test_relaxation_times_of_two_arcs(noise, share):
    """Both peaks and no other, each within 5 % of its time constant.

    The area of a peak ends at the next minimum: tails of depressed arcs lie beyond it.
    """
    chance, f, near = np.random.default_rng(11), FREQUENCY[::2], []
    for _ in range(40):
        name, values, truth = two_arcs(chance)
        found = relaxation_times(
            Spectrum(f, noisy(measured.impedance(name, f, values), chance, noise))
        )
        assert len(found.peaks) == 2
        peaks = sorted(found.peaks)
        near += list(np.abs(np.array([p.tau for p in peaks]) / truth - 1.0) < 0.05)
        assert_allclose([p.resistance for p in peaks], [values[1], values[4]], rtol=0.2)
    assert np.mean(near) >= share


def test_relaxation_times_hold_the_whole_resistance():
    """R_inf and the area under the distribution are the ends of the spectrum."""
    name, values, _ = two_arcs(np.random.default_rng(1))
    found = relaxation_times(Spectrum(FREQUENCY, measured.impedance(name, FREQUENCY, values)))
    area = np.sum(found.density) * np.log(found.tau[1] / found.tau[0])
    assert_allclose(found.resistance, values[0], rtol=0.02)
    assert_allclose(area, values[1] + values[4], rtol=0.02)
    assert np.all(found.density >= 0.0)


def test_kramers_kronig_tells_drift_from_noise():
    """Steady spectra pass at any noise; one that grows by 10 % as it is measured does not."""
    chance, f = np.random.default_rng(5), FREQUENCY[::2]
    for noise in (0.0, 1e-3, 5e-3):
        for _ in range(20):
            name, values, _ = two_arcs(chance)
            z = noisy(measured.impedance(name, f, values), chance, noise)
            assert kramers_kronig(Spectrum(f, z)).consistent
    passed = np.cumsum(3.0 / f + 0.3)
    for noise in (1e-3, 3e-3):
        for _ in range(20):
            name, values, _ = two_arcs(chance)
            grown = 1.0 + 0.1 * passed / passed[-1]
            z = [
                measured.impedance(name, f[k : k + 1], _grown(values, g))[0]
                for k, g in enumerate(grown)
            ]
            test = kramers_kronig(Spectrum(f, noisy(np.array(z), chance, noise)))
            assert not test.consistent
            assert "drifted" in test.verdict


def test_kramers_kronig_of_a_few_points_says_nothing():
    f = np.geomspace(1e5, 1.0, 6)
    z = np.array([10.0 - 0.2j, 10.2 - 0.9j, 11.1 - 4.6j, 20.5 - 18j, 55.1 - 9.7j, 62.3 - 5.6j])
    test = kramers_kronig(Spectrum(f, z))
    assert test.consistent
    assert test.verdict == "not tested: fewer than 10 points"


def _grown(values, by):
    return [v * by if k in {0, 1, 4} else v for k, v in enumerate(values)]


def test_a_series_of_spectra_gives_the_contact_area():
    """Z over the area: at half the area all resistances and the Warburg coefficient double."""
    f, chance = FREQUENCY[::4], np.random.default_rng(2)
    values = drawn("R0-p(R1,Q1)-W1", chance)
    z = measured.impedance("R0-p(R1,Q1)-W1", f, values)
    spectra = [
        Spectrum(
            f, noisy(z / area, chance, 1e-3), f"at {area}", {"stack_pressure_Pa": area * 1e7}
        )
        for area in (1.0, 0.5, 0.25)
    ]
    found = eis(spectra, "R0-p(R1,Q1)-W1")
    assert found.status == "completed"
    assert_allclose(found.contact_area(), [1.0, 0.5, 0.25], rtol=0.01)
    value, deviation = found.series("R1")
    assert_allclose(value, values[1] * np.array([1.0, 2.0, 4.0]), rtol=0.01)
    assert np.all(deviation < 0.01 * value)
    with pytest.raises(InputError, match="no parameter"):
        found.series("R9")


def test_what_the_data_do_not_tell_is_reported():
    f = np.geomspace(1e6, 1e3, 31)
    z = measured.impedance("R0-p(R1,Q1)-W1", f, (10.0, 20.0, 1e-7, 1.0, 1e-6))
    seen = noisy(z, np.random.default_rng(4))
    found = eis([Spectrum(f, seen)], "R0-p(R1,Q1)-W1")
    assert any("do not determine" in w and "W1" in w for w in found.warnings)
    leads = eis([Spectrum(f, z + 2j * np.pi * f * 1e-5)], "R0-p(R1,Q1)")
    assert any("no L" in w for w in leads.warnings)
    assert not any("no L" in w for w in found.warnings)
    wrong = eis([Spectrum(f, z)], "R0-C1")
    assert any("misses the data" in w for w in wrong.warnings)


@pytest.mark.parametrize(
    ("f", "z", "reported"),
    [
        ([1], [1], "1 points"),
        ([1, 2, 3, 4, 0], [1, 1, 1, 1, 1], "not above 0 Hz"),
        ([1, 2, 3, 4, 5], [1, 1, np.nan, 1, 1], "not finite"),
        ([1, 2, 3, 4, 5], [0, 0, 0, 0, 0], "nil throughout"),
    ],
)
def test_spectra_that_cannot_be(f, z, reported):
    with pytest.raises(InputError, match=reported):
        Spectrum(np.array(f, float), np.array(z, complex))
    with pytest.raises(InputError, match="no spectrum"):
        eis([])
