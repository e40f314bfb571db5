"""How a status is computed, on claims made up for the purpose."""

import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.validation import capabilities, judge, register
from lithomech.validation.judge import Number, Verdict
from lithomech.validation.library import Finding
from lithomech.validation.spec import Claim

PLATED = {
    "by": "prediction",
    "function": "made_up.thickness",
    "given": {"areal_capacity": "5 mAh/cm2"},
    "tolerance": 0.02,
    "reason": "two digits",
}


def judged(monkeypatch, check, published=None, prediction=None, stored=()):
    """The verdict of one made-up claim."""
    claim = Claim.model_validate(
        {
            "statement": "made up",
            "kind": "value",
            "place": "nowhere",
            "published": published or {},
            "check": check,
        }
    )
    made = register.Register({"Q-999": claim}, {})
    monkeypatch.setattr(judge, "load_register", lambda: made)
    monkeypatch.setattr(judge, "by_claim", lambda: {"Q-999": list(stored)})
    if prediction is not None:
        monkeypatch.setattr(judge, "_function", lambda _: prediction)
    (verdict,) = judge.judge(["Q-999"])
    return verdict


def thickness(um):
    return lambda _library, _given: {"thickness": um * 1e-6}


@pytest.mark.parametrize(
    ("um", "status", "error"),
    [(24.0, "reproduced", 0.0), (24.4, "reproduced", 1 / 60), (23.0, "contradicted", -1 / 24)],
)
def test_a_prediction_is_judged_by_its_tolerance(monkeypatch, um, status, error):
    printed = {"thickness": {"value": 24.0, "unit": "um"}}
    verdict = judged(monkeypatch, PLATED, printed, thickness(um))
    assert verdict.status == status
    assert_allclose(verdict.relative_error, error, rtol=1e-6, atol=1e-12)
    assert verdict.to_json()["published"] == 24.0
    assert_allclose(verdict.to_json()["predicted"], um, rtol=1e-12)


@pytest.mark.parametrize(
    ("found", "error"), [(1.5, 0.0), (1.0, 0.0), (2.2, 0.1), (0.9, -0.1), (2.0, 0.0)]
)
def test_inside_a_printed_range_there_is_no_error(found, error):
    number = Number("x", (1.0, 2.0), (found, found), "V")
    assert_allclose(number.error(), error, rtol=1e-12, atol=1e-15)


def test_errors_of_negative_numbers_tell_the_size_too():
    """-5 % for a printed -4 % is a quarter too much, -3 % a quarter too little."""
    assert_allclose(Number("x", (-4.0, -4.0), (-5.0, -5.0), "%").error(), 0.25, rtol=1e-12)
    assert_allclose(Number("x", (-4.0, -4.0), (-3.0, -3.0), "%").error(), -0.25, rtol=1e-12)


def test_nothing_printed_is_zero_and_found_is_not():
    assert Number("x", (0.0, 0.0), (0.0, 0.0), "%").error() == 0.0
    assert Number("x", (0.0, 0.0), (0.1, 0.1), "%").error() == float("inf")


@pytest.mark.parametrize(("holds", "status"), [(True, "reproduced"), (False, "contradicted")])
def test_a_trend_holds_or_not(monkeypatch, holds, status):
    check = {"by": "prediction", "function": "made_up.trend", "reason": "a sign"}
    verdict = judged(monkeypatch, check, prediction=lambda *_: Finding(holds, "because"))
    assert (verdict.status, verdict.detail) == (status, "because")


def test_a_claim_that_used_itself_is_not_reproduced(monkeypatch):
    """Density of Li6PS5Cl carries Q-123; a prediction made of it cannot reproduce Q-123."""
    stored = [v for v in judge.by_claim()["Q-123"] if v.material == "li6ps5cl"]
    printed = {"density": {"value": 1.87, "unit": "g/cm^3"}}
    claim = {"by": "prediction", "function": "made_up.density", "reason": "none"}

    def from_itself(library, _given):
        return {"density": library.value("li6ps5cl", "density")}

    named = [v._replace(found=v.found) for v in stored]
    verdict = judged(monkeypatch, claim, printed, from_itself, named)
    assert verdict.status == "reproduced"  # Q-999 is another claim than Q-123 ...
    own = register.Register({"Q-123": judge.load_register().claims["Q-999"]}, {})
    monkeypatch.setattr(judge, "load_register", lambda: own)
    monkeypatch.setattr(judge, "by_claim", lambda: {"Q-123": named})
    (verdict,) = judge.judge(["Q-123"])
    assert (verdict.status, verdict.circular) == ("data", True)  # ... which is its own input


def test_what_nothing_stores_is_unknown(monkeypatch):
    verdict = judged(
        monkeypatch, {"by": "stored"}, {"density": {"value": 1.0, "unit": "kg/m^3"}}
    )
    assert verdict == Verdict("Q-999", "unknown", "the library has no density that names Q-999")


def test_another_number_in_the_library_is_unknown(monkeypatch):
    stored = judge.by_claim()["Q-123"]
    printed = {"density": {"value": 1.86, "unit": "g/cm^3"}}
    verdict = judged(monkeypatch, {"by": "stored"}, printed, stored=stored)
    assert (verdict.status, verdict.detail) == ("unknown", "density: stored 1.87 g/cm^3")


def test_pending_ends_when_the_capability_exists(monkeypatch):
    check = {"by": "pending", "waits_for": "contact fracture", "reason": "no data"}
    assert judged(monkeypatch, check).status == "pending"
    monkeypatch.setattr(capabilities, "exists", lambda _: True)
    verdict = judged(monkeypatch, check)
    assert (verdict.status, verdict.detail) == (
        "unknown",
        "contact fracture exists by now: what does it say?",
    )


@pytest.mark.parametrize(
    ("check", "detail"),
    [
        ({"by": "pending", "waits_for": "magic", "reason": "none"}, "no capability 'magic'"),
        (
            {"by": "definition", "code": "lithomech.nowhere.law"},
            "there is no lithomech.nowhere.law",
        ),
        (
            {"by": "definition", "code": "lithomech.laws.transport.nothing"},
            "there is no lithomech.laws.transport.nothing",
        ),
        (
            {"by": "erratum", "function": "nowhere.shown"},
            "there is no prediction nowhere.shown",
        ),
        (
            {**PLATED, "given": {"foil": "5 um"}, "function": "made_up.thickness"},
            "given.foil: no property of the catalogue",
        ),
    ],
)
def test_a_mistake_in_the_register_is_unknown_and_says_why(monkeypatch, check, detail):
    prediction = thickness(1.0) if check["by"] == "prediction" else None
    verdict = judged(monkeypatch, check, prediction=prediction)
    assert (verdict.status, verdict.detail) == ("unknown", detail)


def test_an_unknown_id_is_an_error_of_the_caller():
    with pytest.raises(InputError, match=r"^no claim 'Q-999'; ids run from Q-001 to QL-028$"):
        judge.judge(["Q-999"])
