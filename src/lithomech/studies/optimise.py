"""The best member of a study, or the front of those that no other one beats.

Optuna proposes points in rounds of a fixed size and learns from them in their order, so that
the same study asks for the same members wherever and in whatever order they run.
"""

import warnings
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, Final

from lithomech.errors import InputError
from lithomech.studies.members import Member, Point
from lithomech.studies.spec.objective import Objective
from lithomech.studies.spec.study import Study
from lithomech.studies.spec.vary import Listed

if TYPE_CHECKING:
    import optuna

RUNS: Final = 128
ROUND: Final = 16
STARTUP: Final = 32  # members before the sampler has learnt anything
MISSING: Final = 1e9  # excess of a bound whose output does not exist
EXCESS: Final = "excess"


def rounds(study: Study) -> Generator[list[Point], list[Member], None]:
    """Yield rounds of points; each round follows from the members of those before it."""
    objective = study.objective
    if objective is None:
        raise InputError("is missing: optimise needs it", key="objective")
    left = study.runs or RUNS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that parts of Optuna are experimental
        optimiser = _optimiser(study, objective)
        while left > 0:
            trials = [optimiser.ask() for _ in range(min(ROUND, left))]
            left -= len(trials)
            members = yield [_point(study, trial) for trial in trials]
            for trial, member in zip(trials, members, strict=True):
                _tell(optimiser, trial, member, objective)


def _optimiser(study: Study, objective: Objective) -> "optuna.Study":
    """An optimiser without memory of its own: the journal is the memory.

    Raises:
        InputError: Optuna is not installed.
    """
    try:
        import optuna  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        message = "optimise needs Optuna: pip install 'lithomech[opt]'"
        raise InputError(message, key="method") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)

    def excess(trial: "optuna.trial.FrozenTrial") -> Sequence[float]:
        return trial.user_attrs[EXCESS]

    several = len(objective.goals) > 1
    sampler: optuna.samplers.BaseSampler = (
        optuna.samplers.NSGAIISampler(
            population_size=2 * ROUND, seed=study.seed, constraints_func=excess
        )
        if several
        else optuna.samplers.TPESampler(
            n_startup_trials=STARTUP, multivariate=True, constant_liar=True, seed=study.seed,
            constraints_func=excess,
        )
    )  # fmt: skip
    rises, falls = optuna.study.StudyDirection.MAXIMIZE, optuna.study.StudyDirection.MINIMIZE
    directions = [rises] * len(objective.maximise) + [falls] * len(objective.minimise)
    return optuna.create_study(directions=directions, sampler=sampler)


def _point(study: Study, trial: "optuna.Trial") -> Point:
    """The values that a trial proposes; words by their number, all else by its share."""
    values: list[Any] = []
    for key, factor in study.vary.items():
        if isinstance(factor, Listed):
            number = trial.suggest_categorical(key, list(range(len(factor.values))))
            values.append(factor.values[number])
        else:
            values.append(factor.at(trial.suggest_float(key, 0.0, 1.0)))
    return tuple(values)


def _tell(
    optimiser: "optuna.Study", trial: "optuna.Trial", member: Member, objective: Objective
) -> None:
    """Report a member; one without values counts as far beyond every bound."""
    values = [member.outputs[key] for key in objective.goals]
    beyond = [0.0 if all(value is not None for value in values) else MISSING]
    for key, condition in objective.conditions.items():
        value = member.outputs[key]
        beyond.append(MISSING if value is None else condition.excess(value))
    trial.set_user_attr(EXCESS, beyond)
    optimiser.tell(trial, [0.0 if value is None else value for value in values])


def best(study: Study, members: Sequence[Member]) -> list[Member]:
    """Return the members that keep all bounds and that no other one beats.

    With one goal it is one member, or several that are equally good; with more, the front in
    the order of the first goal.
    """
    objective = study.objective
    if objective is None:
        return []
    allowed = [member for member in members if objective.allows(member.outputs)]
    costs = [_costs(objective, member) for member in allowed]
    order = sorted(range(len(allowed)), key=lambda k: costs[k])
    front: list[int] = []
    for k in order:  # whoever beats it has come before it
        beaten = any(
            all(a <= b for a, b in zip(costs[other], costs[k], strict=True)) for other in front
        )
        if not beaten:
            front.append(k)
    return [allowed[k] for k in front]


def _costs(objective: Objective, member: Member) -> tuple[float, ...]:
    up = [-(member.outputs[key] or 0.0) for key in objective.maximise]
    down = [member.outputs[key] or 0.0 for key in objective.minimise]
    return (*up, *down)


def answers(study: Study, members: Sequence[Member]) -> list[str]:
    """Say in words what is best, or which bound nobody keeps."""
    objective = study.objective
    if objective is None:
        return []
    found = best(study, members)
    if not found:
        return [_nobody(objective, members)]
    lines = [] if len(found) == 1 else [f"{len(found)} members that no other one beats"]
    for member in found if len(found) <= ROUND else [found[0], found[-1]]:
        goals = ", ".join(f"{key} {member.outputs[key]:.4g}" for key in objective.goals)
        values = ", ".join(
            f"{axis.key} {_shown(axis.shown(value))} {axis.unit or ''}".strip()
            for axis, value in zip(study.axes, member.point, strict=True)
        )
        lines.append(f"best: {goals} at {values}")
    return lines


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def _nobody(objective: Objective, members: Sequence[Member]) -> str:
    """Which bounds are kept by how many, where no member keeps all."""
    kept = ", ".join(
        f"{key} {objective.subject_to[key]} by "
        f"{sum(condition.holds(member.outputs[key]) for member in members)}"
        for key, condition in objective.conditions.items()
    )
    completed = sum(member.status == "completed" for member in members)
    bounds = f"; kept: {kept}" if kept else ""
    return f"no member is allowed: {completed} of {len(members)} completed{bounds}"
