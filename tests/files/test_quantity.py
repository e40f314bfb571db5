"""Expected values: the SI brochure's prefixes and units, by hand."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.files.quantity import convert, parse_one_of, parse_quantity


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("5 MPa", "Pa", 5e6),
        ("370MPa", "Pa", 3.7e8),
        ("25 degC", "K", 298.15),
        ("25 °C", "K", 298.15),
        ("-40 degC", "K", 233.15),
        ("300 K", "K", 300.0),
        ("70 %", "dimensionless", 0.7),
        ("0.93", "dimensionless", 0.93),
        (0.93, "dimensionless", 0.93),
        (3, "1", 3.0),
        ("13 mm", "m", 0.013),
        ("4 um", "m", 4e-6),
        ("4 \u00b5m", "m", 4e-6),
        ("4 \u03bcm", "m", 4e-6),
        ("20 mg", "kg", 2e-5),
        ("0.4 MPa/um", "Pa/m", 4e11),
        ("0.5 mA/cm2", "A/m^2", 5.0),
        ("0.5 mA/cm^2", "A/m2", 5.0),
        ("0.5 mA cm-2", "A/m^2", 5.0),
        ("0.5 mA·cm\u207b²", "A/m^2", 5.0),
        ("2 mAh", "A*s", 7.2),
        ("200 mAh/g", "A*s/kg", 720_000.0),
        ("1e-11 cm2/s", "m^2/s", 1e-15),
        ("2 mS/cm", "S/m", 0.2),
        ("0.3 MPa*m^0.5", "Pa*m^0.5", 3e5),
        ("30 kJ/(mol)", "J/mol", 3e4),
        ("8.3 J/(mol K)", "J/mol/K", 8.3),
        ("2 1/s", "1/s", 2.0),
        ("10 Ω*cm2", "ohm*m^2", 1e-3),
        ("1.5 hours", "s", 5400.0),
    ],
)
def test_a_quantity_becomes_si(text, unit, value):
    assert_allclose(parse_quantity(text, unit), value, rtol=2e-16)


@pytest.mark.parametrize("text", ["70 %", "13 mm", "4 um", "20 mg", "5 MPa"])
def test_a_decimal_quantity_is_the_nearest_number(text):
    wanted = {"70 %": 0.7, "13 mm": 13e-3, "4 um": 4e-6, "20 mg": 20e-6, "5 MPa": 5e6}
    unit = {"70 %": "1", "20 mg": "kg", "5 MPa": "Pa"}.get(text, "m")
    assert parse_quantity(text, unit) == wanted[text]


def test_a_stiffness_says_which_kind_it_is():
    allowed = ("Pa/m", "N/m")
    assert parse_one_of("0.4 MPa/um", allowed) == (4e11, "Pa/m")
    assert parse_one_of("10 N/um", allowed) == (1e7, "N/m")
    with pytest.raises(
        InputError, match=r"stiffness per area .* or a stiffness such as '10 N/um'"
    ):
        parse_one_of("10 N", allowed)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9**9**9**9 MPa", "'9[*][*]9[*][*]9[*][*]9 MPa' cannot be read"),
        ("9 **9**9**9", "is not a unit"),
        ("5 MPa^99", "is not a unit"),
        ("5 m^2^9", "is not a unit"),
        ("5 __import__('os')", "is not a unit"),
        ("5 nonsense", "is not a unit this package knows"),
        ("5", "'5' has no unit"),
        (5, "5 has no unit"),
        (5.0, "5.0 has no unit"),
        ("5 V", "'5 V' has the unit 'V'"),
        ("0.1C", "'0.1C' has the unit 'C'"),
        ("MPa", "'MPa' is not '<number> <unit>'"),
        ("", "'' is not '<number> <unit>'"),
        ("nan MPa", "'nan MPa' is not a finite number"),
        (float("nan"), "nan is not a finite number"),
        ("-inf Pa", "'-inf Pa' is not a finite number"),
        ("1e999 Pa", "'1e999 Pa' is not a finite number"),
        ("1e305 MPa", "'1e305 MPa' is too large"),
        (True, "true is not a quantity"),
        (None, "null is not a quantity"),
        ([5, "MPa"], "is not a quantity"),
        ("5 MPa" + 10**6 * " Pa", "is not '<number> <unit>'"),
    ],
)
def test_anything_else_is_one_clear_line_that_says_what_is_allowed(text, message):
    start = time.perf_counter()
    with pytest.raises(InputError, match=message) as caught:
        parse_quantity(text, "Pa")
    assert str(caught.value).endswith("expected a pressure such as '5 MPa'")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250
    assert time.perf_counter() - start < 2.0  # the first call builds pint's registry


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("15,7 mg", "kg", "'15,7 mg' has a decimal comma: write 15.7 mg"),
        ("0,300", "dimensionless", "'0,300' has a decimal comma: write 0.300"),
        ("1,500 um", "m", "'1,500 um' has a comma: write 1500 um or 1.500 um"),
        ("1 000 um", "m", "'1 000 um' has its digits in groups: write 1000 um"),
        ("30 C", "K", "'30 C' has the unit 'C': write 30 degC"),
        ("30 \u2103", "K", "'30 \u2103' has the unit '\u2103': write 30 degC"),
        ("77 F", "K", "'77 F' has the unit 'F': write 77 degF"),
        ("70 wt%", "dimensionless", "'70 wt%' has the unit 'wt%': write 70 %"),
        ("20 Mpa", "Pa", "'20 Mpa' has the unit 'Mpa': write 20 MPa"),
        ("50 kg/cm2", "Pa", "'50 kg/cm2' has the unit 'kg/cm2': write 50 kgf/cm2"),
        ("MPa 20", "Pa", "'MPa 20' begins with the unit: write 20 MPa"),
        ("20 [mg]", "kg", "'20 [mg]' has its unit in brackets: write 20 mg"),
        ("4-6 um", "m", "'4-6 um' is a range: write one value, such as 5 um"),
        ("20 \u00b1 1 mg", "kg", "is a value with its error: write the value alone, 20 mg"),
        ("~4 um", "m", "'~4 um' begins with something else than the number: write 4 um"),
        ("13 mm diameter", "m", "holds more than a number and a unit: write 13 mm"),
        ("2x10^-3 g", "kg", "'2x10^-3 g' has a power of ten: write 2e-3 g"),
        # no hint where it would not be certain
        ("0.1 C", "A", "'0.1 C' has the unit 'C'; expected a current such as '2 mA'"),
        ("30 C", "Pa", "'30 C' has the unit 'C'; expected a pressure such as '5 MPa'"),
        ("3 tons", "Pa", "'3 tons' has the unit 'tons'; expected a pressure such as '5 MPa'"),
    ],
)
def test_a_hint_is_given_where_it_is_certain(text, unit, message):
    with pytest.raises(InputError) as caught:
        parse_quantity(text, unit)
    assert message in str(caught.value)
    _, write, meant = str(caught.value).partition(": write ")
    if write:  # what is advised can be read
        for one in re.sub(r"^[^-+0-9.]*(?:, |as )", "", meant).split(" or "):
            parse_quantity(one, unit)


def test_a_logarithmic_unit_is_refused():
    with pytest.raises(InputError, match="logarithmic"):
        parse_quantity("5 dBm", "W")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789.eE+-*/^ ()%°µCMPadegmkshuABJKNVW²\n", max_size=25))
def test_no_text_brings_anything_but_a_number_or_an_input_error(text):
    for unit in ("Pa", "K", "dimensionless", "A/m^2"):
        try:
            assert isinstance(parse_quantity(text, unit), float)
        except InputError as error:
            assert "\n" not in str(error)


def test_a_value_and_its_unit_given_apart():
    assert_allclose(convert(1e-11, "cm2/s", "m^2/s"), 1e-15, rtol=2e-16)
    assert_allclose(convert(25.0, "degC", "K"), 298.15, rtol=2e-16)
    with pytest.raises(InputError, match="'S/cm' is not one of a pressure"):
        convert(1.0, "S/cm", "Pa")
    with pytest.raises(InputError, match="nan is not a finite number"):
        convert(float("nan"), "MPa", "Pa")
