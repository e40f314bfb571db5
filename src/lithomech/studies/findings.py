"""What a study finds by its method: in words, as plain data, and as pictures."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lithomech.studies import limits, optimise, sensitivity, window
from lithomech.studies.spec.study import OPTIMISE, SENSITIVITY, SWEEP, WINDOW

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.studies.table import StudyResult

Floats = NDArray[np.float64]


def answers(result: "StudyResult") -> list[str]:
    """Say in words what a study found."""
    study = result.study
    if study.method == SENSITIVITY:
        return sensitivity.answers(study, sensitivity.indices(result))
    if study.method == OPTIMISE:
        return optimise.answers(study, list(result.members()))
    if study.method == WINDOW:
        return window.answers(study, boundary(result))
    return [one.words for one in limits.limits(study, list(result.members()))]


def to_json(result: "StudyResult") -> dict[str, Any]:
    """Return what a study found as plain data, under the name of its method."""
    study = result.study
    if study.method == SENSITIVITY:
        found = [
            {name: v.tolist() if isinstance(v, np.ndarray) else v for name, v in one.items()}
            for one in (indices._asdict() for indices in sensitivity.indices(result))
        ]
        return {SENSITIVITY: {"factors": list(study.vary), "outputs": found}}
    if study.method == OPTIMISE:
        best = optimise.best(study, list(result.members()))
        return {OPTIMISE: {"best": [[*map(str, m.point), dict(m.outputs)] for m in best]}}
    if study.method == WINDOW:
        rows = [
            {"regions": list(one.regions), "low": list(one.low), "high": list(one.high)}
            for one in boundary(result)
        ]
        return {WINDOW: {"boundary": rows}}
    found = limits.limits(study, list(result.members()))
    return {"limits": limits.to_json(found)} if found else {}


def boundary(result: "StudyResult") -> list[window.Crossing]:
    """Return the points of the boundaries of a window."""
    return list(window.crossings(result.study, result.journal.find))


def pictures(result: "StudyResult") -> dict[str, "Figure"]:
    """Draw what a study found, then every output over the factors."""
    from lithomech.plot.study import figures  # noqa: PLC0415 - the upward reference

    return method_pictures(result) | figures(result)


def method_pictures(result: "StudyResult") -> dict[str, "Figure"]:
    """Draw what a study found; nothing of a sweep."""
    draw = {SENSITIVITY: _sensitivities, OPTIMISE: _best, WINDOW: _regions, SWEEP: _limits}
    return draw[result.study.method](result)


def _limits(result: "StudyResult") -> dict[str, "Figure"]:
    from lithomech.plot.study import limited  # noqa: PLC0415 - upward

    study, drawn = result.study, {}
    for one in limits.limits(study, list(result.members())):
        conditions = study.limits[one.name].conditions.items()
        for key, condition in conditions:
            drawn[f"limit_{key}"] = limited(result, key, condition.bound, one)
    return drawn


def _sensitivities(result: "StudyResult") -> dict[str, "Figure"]:
    from lithomech.plot.study_methods import sensitivities  # noqa: PLC0415 - upward

    labels = {reading.name: reading.label for reading in result.study.readings}
    return {
        f"sensitivity_{one.output}": sensitivities(one, labels[one.output], result.study.axes)
        for one in sensitivity.indices(result)
    }


def _regions(result: "StudyResult") -> dict[str, "Figure"]:
    from lithomech.plot.study_methods import Boundary, regions  # noqa: PLC0415 - upward

    study = result.study
    if len(study.axes) == 1:  # the outputs along it show more
        return {}
    members = list(result.members())
    names = [window.region_of(study, member) for member in members]
    places = _places(result, [member.point for member in members])
    found = boundary(result)
    middle = [
        0.5 * (_places(result, [one.low]) + _places(result, [one.high]))[0] for one in found
    ]
    between = Boundary(np.reshape(middle, (-1, 2)), [one.regions for one in found])
    drawn = regions(study.axes, places, names, between)
    return {"window": drawn}


def _places(result: "StudyResult", points: list[tuple[object, ...]]) -> Floats:
    axes = result.study.axes
    return np.array([[a.place(v) for a, v in zip(axes, p, strict=True)] for p in points])


def _best(result: "StudyResult") -> dict[str, "Figure"]:
    from lithomech.plot.study_methods import front, history  # noqa: PLC0415 - upward

    study, members = result.study, list(result.members())
    objective = study.objective
    if objective is None or not members:
        return {}
    allowed = np.array([objective.allows(member.outputs) for member in members])
    labels = {r.name: r.label for r in study.readings}
    values = np.column_stack([result.column(key).astype(np.float64) for key in objective.goals])
    drawn = {
        f"history_{key}": history(
            labels[key], values[:, k], allowed, rises=key in objective.maximise
        )
        for k, key in enumerate(objective.goals)
    }
    found = optimise.best(study, members)
    if len(objective.goals) > 1 and found:
        goals = {key: labels[key] for key in objective.goals}
        best = np.array([[m.outputs[key] for key in objective.goals] for m in found], float)
        drawn = {"front": front(goals, values[:, :2], allowed, best[:, :2])} | drawn
    return drawn
