"""Measurements whose truth is known, made without the package, for the analyses to recover."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

FARADAY_HOUR = 3600.0


class PressureTest(NamedTuple):
    """A charge and a discharge of a cell with a layered cathode and graphite."""

    time: np.ndarray
    current: np.ndarray
    voltage: np.ndarray
    pressure: np.ndarray
    cycle: np.ndarray
    step: np.ndarray
    temperature: np.ndarray


CAPACITY = 2e-3 * FARADAY_HOUR  # C
STAGES = ((0.16, 0.05, 260e3), (0.52, 0.035, 60e3), (0.78, 0.06, 240e3))  # place, width, height
LAYERED = -330e3  # Pa over the charge, before it falls steeply
COLLAPSE = (0.93, 0.05, -160e3)


def pressure_at(s):
    """Stack pressure [Pa] less that at the start, over the state of charge."""
    steps = [*STAGES, COLLAPSE]
    return LAYERED * s + sum(
        h * 0.5 * (np.tanh((s - a) / w) - np.tanh(-a / w)) for a, w, h in steps
    )


def pressure_slope(s):
    """dP/ds of the same [Pa]."""
    steps = [*STAGES, COLLAPSE]
    return LAYERED + sum(h * 0.5 / w / np.cosh((s - a) / w) ** 2 for a, w, h in steps)


def voltage_at(s):
    return (
        3.45
        + 0.45 * s
        + 0.3 * s**4
        - 0.18 * np.exp(-s / 0.02)
        + 0.02 * np.tanh((s - 0.5) / 0.05)
    )


def pressure_test(hours=10.0, rows=1200, cycles=1, start=2e6):
    """Charge, rest, discharge, rest; the truth without any error of measurement."""
    parts, when = [], 0.0
    for cycle in range(1, cycles + 1):
        for step, way in enumerate((1.0, 0.0, -1.0, 0.0), 1):
            n = rows if way else max(rows // 10, 8)
            span = hours * 3600.0 if way else 3600.0
            t = np.linspace(0.0, span, n)
            share = t / span
            s = {1: share, 2: np.ones(n), 3: 1.0 - share, 4: np.zeros(n)}[step]
            rest = {
                1: 0.0,
                2: -0.02 * (1 - np.exp(-t / 300)),
                3: 0.0,
                4: 0.02 * (1 - np.exp(-t / 300)),
            }
            parts.append(
                (
                    when + t,
                    np.full(n, way * CAPACITY / (hours * 3600.0)),
                    voltage_at(s) + rest[step] - (0.03 if way < 0 else 0.0),
                    start + pressure_at(s),
                    np.full(n, cycle),
                    np.full(n, step),
                )
            )
            when += span + 1.0
    joined = [np.concatenate(p) for p in zip(*parts, strict=True)]
    return PressureTest(*joined, np.full(joined[0].size, 298.15))


def spoiled(test, seed, noise=2e3, step=7.4e3, drift=10e3, hourly=4e3, per_kelvin=0.0):
    """The same as a sensor gives it: noise, drift [Pa/day], air conditioning, quantised."""
    chance = np.random.default_rng(seed)
    day = test.time / 86400.0
    swing = np.sin(2.0 * np.pi * test.time / 3600.0 + chance.uniform(0, 2 * np.pi))
    warm = test.temperature + (1.5 * swing if per_kelvin else 0.0)
    p = test.pressure + drift * day + per_kelvin * (warm - 298.15)
    p = p + (0.0 if per_kelvin else hourly * swing) + noise * chance.standard_normal(p.size)
    p = np.round(p / step) * step if step else p
    return test._replace(pressure=p, temperature=warm)


def sphere_surface(times, radius, diffusivity, flux, shells=400):
    """Rise of the surface concentration [mol/m3] of a sphere under a flux [mol/m2/s] inward.

    Finite volumes of equal thickness, implicit in time, with steps halved until they are short
    against the time that passed. `flux` is piecewise constant: pairs of (until, value).
    """
    edges = np.linspace(0.0, radius, shells + 1)
    area, volume = 4 * np.pi * edges**2, 4 / 3 * np.pi * np.diff(edges**3)
    h = radius / shells
    g = diffusivity * area[1:-1] / h
    main = np.zeros(shells)
    main[:-1] += g
    main[1:] += g
    c = np.zeros(shells)
    out, now = [], 0.0
    from scipy.linalg import solve_banded  # noqa: PLC0415

    ends = [end for end, _ in flux]
    grid = np.unique(np.concatenate([times, ends]))
    for target in grid:
        begin = max([e for e in [0.0, *ends] if e <= now + 1e-9])
        j = next(v for end, v in flux if target <= end + 1e-9)
        steps = int(np.clip(40 * (target - now) / max(target - begin, 1e-9), 4, 60))
        dt = (target - now) / steps
        band = np.zeros((3, shells))
        band[1] = volume / dt + main
        band[0, 1:] = -g
        band[2, :-1] = -g
        for _ in range(steps if dt > 0 else 0):
            right = volume / dt * c
            right[-1] += area[-1] * j
            c = solve_banded((1, 1), band, right)
        now = target
        if np.any(np.abs(times - target) < 1e-12 * max(target, 1.0)):
            out.append(c[-1] + 0.5 * h * j / diffusivity)
    return np.array(out)


def gitt(diffusivity, radius=2e-6, pulses=8, pulse=600.0, rest=7200.0, slope=-0.9, seed=None):
    """Pulses into spheres whose potential falls linearly with lithium; D may be a list.

    Returns time, current, voltage; the current is positive on charge (lithium leaves).
    """
    c_max, area_to_volume = 5e4, 3.0 / radius
    d = np.broadcast_to(diffusivity, (pulses,))
    moles = 2e-5  # of sites
    current = 0.1 * moles * 96485.33212 / 3600.0 * 2.0
    flux = current / 96485.33212 / (moles / c_max * area_to_volume)
    tick = np.concatenate([np.arange(1, 20) * 0.5, np.arange(10.0, pulse + 1, 5.0)])
    wait = np.concatenate([np.arange(1, 20) * 0.5, np.arange(10.0, rest + 1, 30.0)])
    t, i, v, mean = [0.0], [0.0], [3.6], 0.0
    for n in range(pulses):
        at = np.concatenate([tick, pulse + wait])
        rise = sphere_surface(at, radius, d[n], [(pulse, -flux), (pulse + rest, 0.0)])
        on = at <= pulse
        x = (mean + rise) / c_max
        t += list(at + n * (pulse + rest))
        i += list(np.where(on, current, 0.0))
        v += list(3.6 + slope * x + np.where(on, 30.0 * current, 0.0))
        mean += -flux * area_to_volume * pulse
    v = np.array(v)
    if seed is not None:
        v = v + 2e-5 * np.random.default_rng(seed).standard_normal(v.size)
    return np.array(t), np.array(i), v


def impedance(name, f, p):
    """Impedance of five usual circuits, each written out."""
    s = 2j * np.pi * f
    if name == "R0-p(R1,C1)-p(R2,C2)":
        return p[0] + p[1] / (1 + s * p[1] * p[2]) + p[3] / (1 + s * p[3] * p[4])
    if name == "R0-p(R1,Q1)-p(R2,Q2)":
        return (
            p[0] + p[1] / (1 + p[1] * p[2] * s ** p[3]) + p[4] / (1 + p[4] * p[5] * s ** p[6])
        )
    if name == "R0-p(R1,Q1)-W1":
        return (
            p[0]
            + p[1] / (1 + p[1] * p[2] * s ** p[3])
            + p[4] * (1 - 1j) / np.sqrt(2 * np.pi * f)
        )
    if name == "R0-p(R1-Wo1,C1)":
        root = np.sqrt(s * p[3])
        finite = p[2] / (root * np.tanh(root))
        return p[0] + 1 / (1 / (p[1] + finite) + s * p[4])
    if name == "p(R0,Q0)-p(R1,Q1)-Ws1":
        root = np.sqrt(s * p[7])
        return (
            p[0] / (1 + p[0] * p[1] * s ** p[2])
            + p[3] / (1 + p[3] * p[4] * s ** p[5])
            + p[6] * np.tanh(root) / root
        )
    raise KeyError(name)


def ladder(f, ionic, electronic, resistance, q, n, rungs=4000):
    """Porous electrode as a ladder of resistors: ions in on the left, electrons out right."""
    z = []
    from scipy.linalg import solve_banded  # noqa: PLC0415

    for frequency in f:
        y = (1.0 / resistance + q * (2j * np.pi * frequency) ** n) / rungs
        a, b = ionic / rungs, electronic / rungs
        # currents in the ionic rail between rungs; total current 1
        band = np.zeros((3, rungs - 1), complex)
        band[1] = a + b + 2.0 / y
        band[0, 1:] = -1.0 / y
        band[2, :-1] = -1.0 / y
        right = np.full(rungs - 1, b, complex)
        right[0] += 1.0 / y  # enters as ions
        j = solve_banded((1, 1), band, right)
        ions = np.concatenate([[1.0], j, [0.0]])
        rung = (ions[:-1] - ions[1:]) / y
        # from ionic entry, half a section each side left out: O(1/rungs)
        z.append(rung[0] + b * np.sum(1.0 - ions[1:-1]) + 0.5 * (a + b))
    return np.array(z)


def section_image(seed, size=500, particles=14, cracks=5, noise=6.0):
    """Grey picture of round particles with cracks in a matrix with pores, and its masks.

    Returns the picture (uint8), the mask of whole particles and that of cracks in them.
    """
    chance = np.random.default_rng(seed)
    rows, columns = np.mgrid[:size, :size]
    particle = np.zeros((size, size), bool)
    crack = np.zeros((size, size), bool)
    placed = []
    while len(placed) < particles:
        a, b = chance.uniform(0.055, 0.1, 2) * size
        y, x = chance.uniform(0.12, 0.88, 2) * size
        if any(np.hypot(y - v, x - u) < max(a, b) + r + 8 for v, u, r in placed):
            continue
        placed.append((y, x, max(a, b)))
        turn = chance.uniform(0, np.pi)
        dy, dx = rows - y, columns - x
        along, across = (
            dx * np.cos(turn) + dy * np.sin(turn),
            dy * np.cos(turn) - dx * np.sin(turn),
        )
        body = (along / a) ** 2 + (across / b) ** 2 < 1.0
        particle |= body
        for _ in range(cracks):
            # a polyline within the particle, 2 to 3 pixels wide
            angle = chance.uniform(0, 2 * np.pi)
            here = np.array([y, x]) + 0.25 * min(a, b) * chance.standard_normal(2)
            for _ in range(4):
                angle += chance.normal(0, 0.5)
                there = here + 0.2 * min(a, b) * np.array([np.sin(angle), np.cos(angle)])
                d = there - here
                s = np.clip(
                    ((rows - here[0]) * d[0] + (columns - here[1]) * d[1]) / (d @ d), 0, 1
                )
                near = np.hypot(rows - here[0] - s * d[0], columns - here[1] - s * d[1])
                inner = (along / (a - 5)) ** 2 + (across / (b - 5)) ** 2 < 1.0
                crack |= (near < 1.6) & inner
                here = there
    grey = np.where(particle, 190.0, 110.0)
    for _ in range(40):
        y, x = chance.uniform(0, size, 2)
        pore = np.hypot(rows - y, columns - x) < chance.uniform(2, 5)
        grey[pore & ~particle] = 25.0
    grey[crack] = 30.0
    grey += noise * chance.standard_normal(grey.shape)
    return np.clip(grey, 0, 255).astype(np.uint8), particle, crack


def hits(seed, counts=(220, 150, 90), bands=(110e3, 250e3, 480e3), span=36000.0):
    """Times [s], peak frequencies [Hz], amplitudes [V], energies and true band of hits."""
    chance = np.random.default_rng(seed)
    time, frequency, band = [], [], []
    for n, (count, centre) in enumerate(zip(counts, bands, strict=True)):
        time.append(np.sort(span * chance.beta(1.5 + n, 1.5, count)))
        frequency.append(centre * np.exp(0.1 * chance.standard_normal(count)))
        band.append(np.full(count, n))
    time, frequency, band = map(np.concatenate, (time, frequency, band))
    order = np.argsort(time)
    amplitude = 1e-4 * np.exp(0.7 * chance.standard_normal(time.size))
    return time[order], frequency[order], amplitude, 1e8 * amplitude**2, band[order]


def polarisation(
    resistance, voltages=(0.02, 0.04, 0.06, 0.08), hold=7200.0, tail=900.0, seed=0
):
    """Time, voltage and current [A] of held voltages whose current decays to U/R."""
    chance = np.random.default_rng(seed)
    t = np.arange(1.0, hold + 1, 20.0)
    time, voltage, current = [], [], []
    for n, u in enumerate(voltages):
        i = u / resistance * (1.0 + 1.5 * np.exp(-t / tail) + 3.0 * np.exp(-t / 60.0))
        time.append(t + n * hold)
        voltage.append(np.full(t.size, u))
        current.append(i * (1.0 + 1e-3 * chance.standard_normal(t.size)))
    return np.concatenate(time), np.concatenate(voltage), np.concatenate(current)


def rate_test(capacity=7.2, knee=4e-3, currents=None, seed=0, noise=0.01):
    """Currents [A] and discharge times [s]: Q/I, and beyond the knee Q knee/I^2."""
    i = np.geomspace(knee / 20, knee * 8, 10) if currents is None else np.asarray(currents)
    t = np.where(i < knee, capacity / i, capacity * knee / i**2)
    return i, t * np.exp(noise * np.random.default_rng(seed).standard_normal(i.size))


CYCLED = 2e-3 * FARADAY_HOUR  # C; charge of the first cycle at constant current
PEAK = (3.7, 0.05, 0.5)  # V, V and share of the charge that passes in a peak of dQ/dV
LIMITS = (3.0, 4.2)  # V
HELD = 600.0  # s over which the current of a hold falls to 1/e
LEFT = 0.05  # of the current where a hold ends
LAG = 0.06  # V by which a discharge lies lower
FADE, COULOMBIC = 0.99, 0.97  # capacity of a cycle over the one before; discharge over charge
SWING, CREPT = 0.5e6, -0.02e6  # Pa; pressure of a full cell, and what is lost per cycle


def charge_at(voltage):
    """Share of the charge that has passed at a voltage, between the limits."""
    place, width, share = PEAK
    low, high = LIMITS
    step = 0.5 * (np.tanh((voltage - place) / width) - np.tanh((low - place) / width))
    whole = 0.5 * (np.tanh((high - place) / width) - np.tanh((low - place) / width))
    return (1.0 - share) * (voltage - low) / (high - low) + share * step / whole


def charge_slope(voltage):
    """Its derivative [1/V]."""
    place, width, share = PEAK
    low, high = LIMITS
    whole = 0.5 * (np.tanh((high - place) / width) - np.tanh((low - place) / width))
    peak = 0.5 / width / np.cosh((voltage - place) / width) ** 2 / whole
    return (1.0 - share) / (high - low) + share * peak


class CyclingTest(NamedTuple):
    """Formation and cycles without a cycle column; the truth of each cycle."""

    time: np.ndarray
    current: np.ndarray
    voltage: np.ndarray
    pressure: np.ndarray
    charge: np.ndarray  # C per cycle
    discharge: np.ndarray


def cycling_test(cycles=4, rows=150):
    """A slow first cycle, then cycles at five times the current, holds and rests in each.

    It ends with a charge whose discharge is missing.
    """
    voltage = np.linspace(*LIMITS, rows)
    share = charge_at(voltage)
    parts, passed, when = [], [], 0.0
    for n in range(cycles + 1):
        current = CYCLED / (36000.0 if n == 0 else 7200.0)
        capacity = CYCLED * FADE**n
        held = np.linspace(0.0, -HELD * np.log(LEFT), 30)
        full = capacity + current * HELD * (1.0 - LEFT)
        start = 5e6 + CREPT * n
        last = n == cycles
        for time, i, v, filled in (
            (capacity / current * share, current, voltage, share * capacity / full),
            (held, current * np.exp(-held / HELD), LIMITS[1], None),
            (np.linspace(0.0, 1800.0, 8), 0.0, LIMITS[1] - LAG, 1.0),
            (
                COULOMBIC * full / current * (1.0 - share[::-1]),
                -current,
                voltage[::-1] - LAG,
                share[::-1],
            ),
            (
                np.linspace(0.0, 1800.0, 8),
                0.0,
                LIMITS[0] + LAG,
                CREPT / SWING * np.linspace(0, 1, 8),
            ),
        )[: 3 if last else 5]:
            if filled is None:
                filled = (capacity + current * HELD * (1.0 - np.exp(-time / HELD))) / full
            ones = np.ones(time.size)
            parts.append((when + time, i * ones, v * ones, start + SWING * filled * ones))
            when += time[-1] + 1.0
        passed.append((full, 0.0 if last else COULOMBIC * full))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return CyclingTest(*columns, *np.array(passed).T)


def with_data_bar(picture, side="bottom", ground=0, height=40):
    """A picture (uint8) with a strip of text and a scale bar, as microscopes write them."""
    strip = Image.new("L", (picture.shape[1], height), ground)
    pen, ink = ImageDraw.Draw(strip), 255 - ground
    pen.text((8, 4), "5.00 kV  8.1 mm  2.50 K X  BSD", fill=ink)
    pen.text((8, 20), "29 Nov  10 um", fill=ink)
    pen.rectangle((picture.shape[1] - 90, 26, picture.shape[1] - 20, 30), fill=ink)
    pen.line((0, 0, picture.shape[1], 0), fill=ink)
    strips = [picture, np.asarray(strip)]
    return np.concatenate(strips if side == "bottom" else strips[::-1])
