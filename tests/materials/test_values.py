"""The packaged numbers against the publications they come from."""

import re
from importlib.resources import files

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.materials.load import known, load_material, load_transport_table

AVOGADRO = 6.02214076e23
FARADAY = 96485.33212
WEIGHT = {
    "Li": 6.94,
    "Ni": 58.6934,
    "Co": 58.933194,
    "Mn": 54.938043,
    "Ti": 47.867,
    "O": 15.999,
}
LATTICE = {  # deBiasi2017, angstrom: a, c
    "ncm811": (2.8688, 14.1867),
    "ncm88": (2.8700, 14.1795),
    "ncm622": (2.8661, 14.2062),
}
STRAIN = [  # deBiasi2017: x and volume change at 4.3 V and at 4.6 V
    ("ncm811", 0.213, -0.0486),
    ("ncm811", 0.11, -0.0735),
    ("ncm622", 0.310, -0.0246),
    ("ncm622", 0.18, -0.0493),
    ("ncm88", 0.175, -0.0567),
    ("ncm88", 0.09, -0.0797),
]
FOURTH_CHARGE = {
    "lco": 0.97,  # Koerver2018: the first point
    "ncm811": 0.921,
    "ncm811_ruess": 0.921,
    "ncm622": 0.936,
    "ncm88": 0.899,
    "ncm851005": 0.899,
    "ncm721": 0.921,
    "ncm523": 0.935,
    "ncm111": 0.937,
    "nca": 0.921,  # the axis of NCM811
    "nca88": 0.899,  # that of NCM851005
}  # deBiasi2017, x at its start
NCM622_CELL = {0.90: 101.131, 0.80: 100.844, 0.70: 100.616, 0.60: 100.345, 0.50: 100.061}
LARGEST_C = {"ncm811": 0.0150, "ncm622": 0.0175, "ncm88": 0.0159}  # deBiasi2017, at x = 0.45
LCO = {
    0.91: 0.0039,
    0.80: 0.011,
    0.705: 0.018,
    0.61: 0.022,
    0.50: 0.0127,
    0.46: 0.0,
    0.43: -0.01,
}
ANODES = {"graphite", "si", "sn", "lto"}
ACTIVE = [n for n in known() if (m := load_material(n)).role == "active" and not m.lacking()]
CATHODES = [name for name in ACTIVE if name not in ANODES]
TABLE_3 = [  # review, Table 3: weight %, MPa, tau2 of Li+, tau2 of electrons
    (85, 20, 14.40, 9.82),
    (85, 7, 14.32, 20.30),
    (85, 3, 14.39, 28.79),
    (70, 20, 4.26, 29.54),
    (70, 7, 4.54, 62.81),
    (70, 3, 5.13, 121.27),
    (50, 20, 2.08, 466.54),
    (50, 7, 2.18, 816.04),
    (50, 3, 2.36, 1975.79),
]


@pytest.mark.parametrize("name", [*CATHODES, "lto"])
def test_potentials_fall_with_lithium_and_have_steep_ends(name):
    potential = load_material(name).curve("open_circuit_potential")
    x = np.linspace(0.0, 1.0, 5001)
    assert np.all(np.diff(potential(x)) <= 0.0)
    middle = potential(0.05) - potential(0.93)
    assert potential(0.0) - potential(0.05) > 0.2
    assert potential(0.93) - potential(1.0) > 0.5
    assert -0.1 < potential(1.0) < potential(0.0) < 5.1
    assert middle >= 0.0


@pytest.mark.parametrize("name", [*CATHODES, "lto"])
def test_strain_is_zero_where_the_source_starts_and_inside_physical_bounds(name):
    """deBiasi2017 counts from its 4th charge, Koerver2018 from its first point."""
    material = load_material(name)
    strain, made = material.curve("volume_strain"), material.value("as_made_stoichiometry")
    assert_allclose(strain(FOURTH_CHARGE.get(name, made)), 0.0, atol=1e-6)
    assert strain.y.min() > -0.085
    assert strain.y.max() < 0.0225
    assert strain.low <= material.value("stoichiometry_min") <= made
    assert made <= strain.high


@pytest.mark.parametrize("name", ["ncm811", "ncm622", "ncm88"])
def test_ncm_shrinks_on_charge_all_the_way(name):
    strain = load_material(name).curve("volume_strain")
    assert np.all(np.diff(strain(np.linspace(strain.low, 1.0, 2001))) > 0.0)


@pytest.mark.parametrize(("name", "x", "published"), STRAIN)
def test_ncm_strain_at_the_published_compositions(name, x, published):
    assert_allclose(load_material(name).curve("volume_strain")(x), published, rtol=1e-4)


@pytest.mark.parametrize("x", NCM622_CELL)
def test_ncm622_follows_the_measured_cell_volume(x):
    strain = load_material("ncm622").curve("volume_strain")
    ratio = NCM622_CELL[x] / NCM622_CELL[0.90]
    assert_allclose((1.0 + strain(x)) / (1.0 + strain(0.90)), ratio, rtol=2e-6)


@pytest.mark.parametrize(("near", "published"), [(0.45, 4.1), (0.20, 29.8), (0.12, 19.3)])
def test_ncm811_slope_agrees_with_the_published_one(near, published):
    """Published: Delta V per x of a cell of 101.1 angstrom^3; x axes carry +-0.05."""
    strain = load_material("ncm811").curve("volume_strain")
    slope = (strain(near + 0.01) - strain(near - 0.01)) / 0.02 * 101.1
    assert_allclose(slope, published, rtol=0.15)


@pytest.mark.parametrize("name", LARGEST_C)
def test_mismatch_follows_from_volume_and_the_largest_c(name):
    """eps_v = 2 eps_a + eps_c, so eps_c - eps_a = (3 eps_c - eps_v)/2, from the 4th charge."""
    material = load_material(name)
    strain, mismatch = material.curve("volume_strain"), material.curve("lattice_mismatch")
    start = mismatch(FOURTH_CHARGE[name])
    expected = (3.0 * LARGEST_C[name] - strain(0.45)) / 2.0
    assert_allclose(mismatch(0.45) - start, expected, rtol=1e-3)
    x = np.linspace(strain.low, 1.0, 2001)
    c = (strain(x) + 2.0 * (mismatch(x) - start)) / 3.0
    assert abs(x[np.argmax(c)] - 0.45) < 0.05
    assert c.max() < LARGEST_C[name] + 0.0005
    assert_allclose(mismatch(material.value("as_made_stoichiometry")), 0.0, atol=2e-6)


def test_ncm811_mismatch_at_4_3_volt():
    """-2.0 % along a and -4.86 % of volume leave -0.86 % along c: a mismatch of 1.14 %."""
    mismatch = load_material("ncm811").curve("lattice_mismatch")
    assert_allclose(mismatch(0.213) - mismatch(0.921), 0.0114, rtol=1e-3)


@pytest.mark.parametrize("x", LCO)
def test_lco_strain_at_the_published_points(x):
    assert_allclose(
        load_material("lco").curve("volume_strain")(x), LCO[x], rtol=1e-6, atol=1e-9
    )


def test_lco_expands_on_charge_to_its_largest_volume_near_0_61():
    strain = load_material("lco").curve("volume_strain")
    x = np.linspace(strain.low, strain.high, 2001)
    assert abs(x[np.argmax(strain(x))] - 0.61) < 0.01
    assert_allclose(strain(x).max(), 0.022, rtol=1e-3)
    assert_allclose(strain(0.5), 0.019, atol=0.007)  # review, Table 2: +1.9 % at x = 0.5


@pytest.mark.parametrize(
    ("name", "charged", "start"), [("ncm811", 0.213, 0.921), ("ncm88", 0.175, 0.899)]
)
def test_ncm_potential_is_the_fit_of_nmc811_between_two_published_points(name, charged, start):
    """Chen2020 in its own variable s, mapped so that deBiasi2017 fixes both ends."""
    potential = load_material(name).curve("open_circuit_potential")
    s = np.linspace(0.2613, 0.9084, 100)[:-4]  # beyond x = 0.90 the end of discharge begins
    fit = -0.8090 * s + 4.4875 - 0.0428 * np.tanh(18.5138 * (s - 0.5542))
    fit += 17.5842 * np.tanh(15.9308 * (s - 0.3120)) - 17.7326 * np.tanh(15.7890 * (s - 0.3117))
    x = charged + (start - charged) * (s - 0.2613) / (0.9084 - 0.2613)
    assert_allclose(potential(x), fit, atol=1e-3)
    assert_allclose(potential(start), 3.55, atol=0.02)  # the fit at s = 0.9084


@pytest.mark.parametrize(
    ("x", "volt"), [(0.45, 4.2661), (0.5, 4.1860), (0.7, 3.9391), (0.85, 3.9090)]
)
def test_lco_potential_is_the_dualfoil_fit(x, volt):
    """Values of the printed function at s = 1.062 x, worked out apart from the table."""
    assert_allclose(load_material("lco").curve("open_circuit_potential")(x), volt, atol=5e-4)


@pytest.mark.parametrize(
    ("name", "x"),
    [("ncm811", [0.213, 0.11]), ("ncm622", [0.310, 0.18]), ("ncm88", [0.175, 0.09])],
)
def test_4_3_and_4_6_volt_are_reached_where_they_were_measured(name, x):
    """deBiasi2017."""
    potential = load_material(name).curve("open_circuit_potential")
    assert_allclose(potential(x), [4.3, 4.6], atol=1e-3)


def test_lto_does_not_strain_and_has_its_plateau():
    assert np.ptp(load_material("lto").curve("volume_strain").y) == 0.0
    x = np.linspace(0.1, 0.9, 9)
    assert_allclose(load_material("lto").curve("open_circuit_potential")(x), 1.55, atol=1e-4)


def test_li_in_has_the_potentials_of_its_phases():
    """0.62 V from 1.4 to 47 at% of lithium, 0.42 V above 50, 0.96 V below, 1.8 V without."""
    potential = load_material("li_in").curve("open_circuit_potential")
    shares = np.array([0.014, 0.25, 0.47])
    plateau = np.linspace(0.02, 0.47 / 0.53, 9)
    assert_allclose(potential(plateau), 0.62, atol=1e-4)
    assert_allclose(potential(shares / (1.0 - shares)), 0.62, atol=0.01)
    assert_allclose(potential([0.005, 1.0]), [0.96, 0.42], atol=1e-6)
    assert 1.77 <= potential(0.0) <= 1.93
    assert np.all(np.diff(potential(np.linspace(0.0, 1.0, 5001))) <= 0.0)


@pytest.mark.parametrize("name", ["ncm811", "ncm622", "ncm88", "lco", "lto"])
def test_molar_masses_from_atomic_weights(name):
    material = load_material(name)
    parts = re.findall(r"([A-Z][a-z]?)([0-9.]*)", material.formula)
    mass = sum(WEIGHT[element] * float(count or 1.0) for element, count in parts)
    units = 3.0 if name == "lto" else 1.0  # per lithium inserted
    assert_allclose(material.value("molar_mass"), mass / units / 1e3, rtol=1e-4)


@pytest.mark.parametrize("name", LATTICE)
def test_molar_volumes_from_the_lattice(name):
    a, c = LATTICE[name]
    volume = np.sqrt(3.0) / 2.0 * a**2 * c * 1e-30 * AVOGADRO / 3.0
    material = load_material(name)
    assert_allclose(material.value("molar_volume"), volume, rtol=5e-4)
    density = material.value("molar_mass") / volume
    assert_allclose(material.value("density"), density, rtol=3e-3)


@pytest.mark.parametrize("name", ACTIVE)
def test_capacity_is_not_more_than_the_lithium_in_the_formula(name):
    material = load_material(name)
    assert material.value("nominal_capacity") < FARADAY / material.value("molar_mass")


@pytest.mark.parametrize(
    ("name", "key", "printed"),
    [
        ("li6ps5cl", "density", 1870.0),  # section 5.2
        ("li6ps5cl", "ionic_conductivity", 0.19),
        ("li6ps5cl", "youngs_modulus", 22.1e9),  # Table 1
        ("li6ps5cl", "poisson_ratio", 0.37),
        ("li3ycl6", "density", 2430.0),  # section 4.2
        ("li3ycl6", "ionic_conductivity", 5.1e-2),  # section 1
        ("li3ycl6", "youngs_modulus", 38.11e9),
        ("li3ycl6", "poisson_ratio", 0.274),
        ("ncm88", "density", 4800.0),  # section 5.2, unit by E-12
        ("ncm88", "electronic_conductivity", 4.1),
        ("ncm811", "nominal_capacity", 193.0 * 3600.0),  # Table 2
        ("ncm622", "nominal_capacity", 170.0 * 3600.0),
        ("lco", "nominal_capacity", 135.0 * 3600.0),
        ("lto", "nominal_capacity", 175.0 * 3600.0),
        ("li", "youngs_modulus", 7.82e9),  # section 5.1
    ],
)
def test_values_printed_in_the_review_are_checked(name, key, printed):
    material = load_material(name)
    assert_allclose(material.value(key), printed, rtol=1e-12)
    assert material.sources([key])[0].source.checked


def test_table_3_of_the_review():
    table = load_transport_table("song2021_ncm88_li6ps5cl")
    for weight, pressure, ionic, electronic in TABLE_3:
        i = table.weight_fraction.tolist().index(weight / 100.0)
        j = table.pressure_Pa.tolist().index(pressure * 1e6)
        assert (table.tau2_ionic[i, j], table.tau2_electronic[i, j]) == (ionic, electronic)
    assert_allclose(table.porosity, [0.375, 0.23, 0.345], rtol=1e-12)  # 50, 70, 85 %; E-19
    assert (table.source.ref, table.source.method, table.source.checked) == (
        "Song2021",
        "measured",
        True,
    )


def test_critical_stripping_currents():
    """1.58 mA/cm2 at 10 MPa, which Yan2022 maps (case C2)."""
    lithium = load_material("li")
    current = lithium.value("void_current_transport") + lithium.value("void_current_creep")
    assert_allclose(current, 15.8, rtol=1e-12)


def test_lithium_thickness_per_charge():
    """4.85 um per mAh/cm2 in the review; 2.94 um for indium to InLi."""
    per_charge = 36.0e3 / FARADAY  # mol/m2 in 1 mAh/cm2
    thickness = [
        load_material(n).value("partial_molar_volume") * per_charge for n in ("li", "li_in")
    ]
    assert_allclose(thickness, [4.85e-6, 2.94e-6], rtol=5e-3)


def test_every_reference_is_in_the_bibliography():
    text = (files("lithomech") / "refs.bib").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{(\w+),", text, re.MULTILINE)
    assert len(keys) == len(set(keys))
    materials = [load_material(name) for name in known()]
    used = {e.source.ref for m in materials for e in m.sources(m.properties)}
    assert not used - set(keys)


def test_what_is_not_measured_says_assumed_and_is_never_checked():
    for name in known():
        material = load_material(name)
        for entry in material.sources(material.properties):
            if entry.source.ref == "Assumed" or entry.source.method == "assumed":
                assert entry.source.method == "assumed", (name, entry.property)
                assert not entry.source.checked, (name, entry.property)
            if "digest" in entry.source.where:
                assert not entry.source.checked, (name, entry.property)
