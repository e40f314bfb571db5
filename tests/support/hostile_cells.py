"""Cells that nobody should build, as the text of cell files: far wider than ``random_cells``.

Sizes from 1 nm to 1 mm, pressures from 0 to 1 GPa, rates from 1e-6C to 50C, any electrode and
any step of a protocol. What is written may be refused (InputError); what is accepted must end
with a status and sound numbers.
"""

import json

import numpy as np

from support.random_cells import Draw

SEED = 16180
CATHODES = (
    "ncm811", "ncm88", "ncm622", "ncm111", "ncm523", "ncm721", "ncm851005", "nca", "nca88",
    "lco", "lfp", "lmo",
)  # fmt: skip
ANODES = ("graphite", "si", "sn", "lto")
FOILS = ("li", "li_in", "graphite", "si", "lto", "ncm811", "lfp")
ELECTROLYTES = (
    "li6ps5cl", "li6ps5cl", "li6ps5cl_glass_ceramic", "li6ps5br", "lgps", "li7p3s11", "li3ps4",
    "li3ycl6", "li3incl6", "llzo_ta", "75li2s_25p2s5",
)  # fmt: skip
MECHANISMS = ("contact", "cracking", "yielding", "interphase", "first_cycle", "lithium_voids")
MORPHOLOGIES = ("random", "textured", "single_crystal")


def hostile_text(number):
    """The cell file of this number: the same one on every machine."""
    draw = Draw(np.random.default_rng([SEED, number]))
    return json.dumps(declared(draw), indent=1)


def declared(draw):
    """Draw a cell file as plain data."""
    kind = draw.one_of(("full", "full", "full", "full", "half", "film", "symmetric"))
    cell = {
        "name": f"hostile {kind}",
        "geometry": {"diameter": length(draw, 1e-4, 0.3)},
        "temperature": f"{draw.even(-60.0, 150.0):.4g} degC",
        "fabrication": fabrication(draw),
        "fixture": fixture(draw),
        "separator": separator(draw),
        "reference": draw.one_of(("li", "cell")),
        "solver": solver(draw),
    }
    if draw.whole(0, 3) == 0:
        off = draw.one_of(MECHANISMS)
        cell["mechanisms"] = {off: "none"}
    if kind in ("film", "symmetric") or draw.whole(0, 9) == 0:
        cell["rate_capacity"] = f"{draw.between(1e-6, 1e3):.4g} mAh"
    cell |= electrodes(draw, kind)
    if draw.whole(0, 2) == 0:
        cell["initial"] = initial(draw)
    cell["protocol"] = protocol(draw)
    return cell


def length(draw, low, high):
    """A length spread evenly in its logarithm."""
    return f"{1e6 * draw.between(low, high):.6g} um"


def pressure(draw, low=1e2, high=1e9):
    """A pressure, sometimes none at all."""
    return "0 MPa" if draw.whole(0, 9) == 0 else f"{1e-6 * draw.between(low, high):.6g} MPa"


def fabrication(draw):
    made = {"pressure": f"{1e-6 * draw.between(1e5, 1e9):.6g} MPa"}
    if draw.whole(0, 1):
        made["residual_pressure"] = pressure(draw, 1e4, 3e8)
    return made


def fixture(draw):
    kind = draw.one_of(("spring", "bolted", "constant_pressure"))
    held = {"type": kind, "pressure": pressure(draw)}
    if kind == "spring":
        held["stiffness"] = f"{draw.between(1e-6, 10.0):.6g} MPa/um"
    if kind == "bolted":
        held["frame_stiffness"] = f"{draw.between(1e-6, 10.0):.6g} MPa/um"
    return held


def separator(draw):
    return {
        "material": draw.one_of(ELECTROLYTES),
        "thickness": length(draw, 1e-9, 1e-3),
        "porosity": f"{draw.even(0.0, 60.0):.4g} %",
    }


def solver(draw):
    return {
        "nodes": draw.whole(2, 12),
        "shells": draw.whole(3, 10),
        "order": draw.whole(1, 5) if draw.whole(0, 3) == 0 else 2,
    }


def electrodes(draw, kind):
    """Both electrodes of a full cell, a half cell, films, or the same foil twice."""
    if kind == "symmetric":
        foil = planar(draw)
        return {"cathode": foil, "anode": dict(foil)}
    if kind == "film":
        return {"cathode": planar(draw), "anode": planar(draw)}
    hosts = CATHODES if kind == "full" else ANODES
    sides = {"cathode": composite(draw, hosts)}
    if draw.whole(0, 2) == 0:
        sides["anode"] = composite(draw, ANODES, counter=True)
    else:
        sides["anode"] = planar(draw)
    return sides


def planar(draw):
    material = draw.one_of(("li", "li", "li_in", *FOILS))
    thickness = length(draw, 1e-9, 1e-3)
    if material == "li" and draw.whole(0, 2) == 0:
        return {"type": "anode_free"}
    return {"type": "planar", "material": material, "thickness": thickness}


def composite(draw, hosts, counter=False):
    """Up to three classes of any size, electrolyte, perhaps carbon."""
    share = draw.even(5.0, 95.0)
    carbon = draw.even(0.1, 0.9 * (100.0 - share)) if draw.whole(0, 2) == 0 else 0.0
    cuts = np.sort(draw.generator.uniform(0.0, share, draw.whole(0, 2)))
    parts = np.round(np.diff([0.0, *cuts, share]), 4)
    active = [active_class(draw, hosts, part) for part in parts if part > 0.0]
    electrode = {
        "type": "composite",
        "active": active,
        "electrolyte": {"material": draw.one_of(ELECTROLYTES), "weight": "rest"},
        "porosity": f"{draw.even(0.0, 70.0):.4g} %",
    }
    if carbon:
        electrode["additives"] = [{"material": "carbon", "weight": f"{carbon:.4f} %"}]
    if draw.whole(0, 3) == 0:
        electrode["load_share"] = draw.between(1e-3, 1.0)
    if draw.whole(0, 2) == 0:
        electrode["transport"] = {"type": "formula", "exponent": draw.even(1.0, 5.0)}
    sizes = {
        "thickness": length(draw, 1e-7, 1e-3),
        "areal_capacity": f"{draw.between(1e-2, 30.0):.6g} mAh/cm2",
        "loading": f"{draw.between(1e-2, 1e3):.6g} mg/cm2",
    }
    if counter:
        sizes["n_p_ratio"] = draw.between(0.2, 5.0)
    size = draw.one_of(tuple(sizes))
    return electrode | {size: sizes[size]}


def active_class(draw, hosts, weight):
    grain = {
        "material": draw.one_of(hosts),
        "weight": f"{weight:.4f} %",
        "diameter": length(draw, 1e-9, 1e-3),
        "morphology": draw.one_of(MORPHOLOGIES),
    }
    if draw.whole(0, 2) == 0:
        grain["coating"] = {"material": "linbo3", "thickness": length(draw, 1e-10, 1e-7)}
    return grain


def initial(draw):
    return {
        side: f"{draw.one_of((0.0, 1.0, draw.even(0.0, 1.0))):.6g}"
        for side in ("cathode", "anode")
        if draw.whole(0, 1)
    }


def rate(draw):
    return f"{draw.between(1e-6, 50.0):.6g}C"


def voltage(draw):
    return f"{draw.one_of((draw.even(2.5, 4.5), draw.even(-2.0, 8.0))):.5g} V"


def duration(draw):
    return f"{draw.between(1e-2, 1e6):.6g} s"


def protocol(draw):
    """One to six steps of any kind, sometimes repeated."""
    steps = [step(draw) for _ in range(draw.whole(1, 6))]
    return [{"repeat": draw.whole(2, 3), "steps": steps}] if draw.whole(0, 3) == 0 else steps


def step(draw):
    """One step of any kind."""
    makers = (cycle_step, cycle_step, cycle_step, hold, rest, timed, power, gitt, spectrum)
    makers += (set_pressure, drive, set_temperature)
    return draw.one_of(makers)(draw)


def cycle_step(draw):
    way = draw.one_of(("Charge", "Discharge"))
    return f"{way} at {rate(draw)} until {voltage(draw)}"


def hold(draw):
    end = draw.one_of((f"for {duration(draw)}", f"until {rate(draw)}"))
    return f"Hold at {voltage(draw)} {end}"


def rest(draw):
    return f"Rest for {duration(draw)}"


def timed(draw):
    way = draw.one_of(("Charge", "Discharge"))
    charge = f"{draw.between(1e-6, 1e3):.6g} mAh"
    end = draw.one_of((duration(draw), charge))
    return f"{way} at {rate(draw)} for {end}"


def power(draw):
    way = draw.one_of(("Charge", "Discharge"))
    return f"{way} at {draw.between(1e-9, 10.0):.6g} W until {voltage(draw)}"


def gitt(draw):
    way = draw.one_of(("charge", "discharge"))
    pulse, pause = draw.between(10.0, 1e5), draw.between(1.0, 1e5)
    rates = f"{draw.between(1e-2, 5.0):.6g}C"
    times = f"{pulse:.6g} s pulses, {pause:.6g} s rests"
    return f"GITT {way} at {rates}, {times}, until {voltage(draw)}"


def spectrum(draw):
    low = draw.between(1e-6, 1e4)
    high = low * draw.between(2.0, 1e8)
    return (
        f"Impedance from {high:.6g} Hz to {low:.6g} Hz, {draw.whole(1, 10)} points per decade"
    )


def set_pressure(draw):
    return f"Set stack pressure to {pressure(draw)}"


def set_temperature(draw):
    return f"Set temperature to {draw.even(-60.0, 150.0):.4g} degC"


def drive(draw):
    """Currents or powers that jump, with pauses; its rows inside the file."""
    rows = draw.whole(2, 12)
    times = np.cumsum([0.0, *(draw.between(1e-2, 1e4) for _ in range(rows - 1))])
    size = draw.between(1e-9, 1.0)
    values = (
        size * draw.generator.uniform(-1.0, 1.0, rows) * draw.generator.integers(0, 2, rows)
    )
    column = draw.one_of(("current_A", "power_W"))
    return {"drive": {"file": "jumps.csv", "time_s": times.tolist(), column: values.tolist()}}
