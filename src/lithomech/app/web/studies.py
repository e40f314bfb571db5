"""Studies that the page watches: what is varied, members as they are done, what was found."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from lithomech.app.study_folder import check_folder
from lithomech.app.web.desk import Job
from lithomech.app.web.stream import Put
from lithomech.app.web.watched import Watched, ended_by
from lithomech.errors import InputError
from lithomech.files.quantity import shown
from lithomech.files.yamlfile import KeyPath, dump_yaml
from lithomech.studies import plans
from lithomech.studies.findings import boundary
from lithomech.studies.kinds import CELL
from lithomech.studies.members import Member
from lithomech.studies.run import run_study
from lithomech.studies.spec import Study, load_study
from lithomech.studies.spec.study import WINDOW
from lithomech.studies.table import StudyResult
from lithomech.studies.window import region_of

MOST_MEMBERS: Final = 4000
TRACES: Final[KeyPath] = ("output", "traces")


def watch_study(text: str, folder: Path, job: Job, put: Put) -> None:
    """Run a study; its description, its members and its findings are put as they come.

    Args:
        text: of the study file.
        folder: of the journal; a study that was stopped resumes from there.
        job: ends it.
        put: takes the pieces.

    Raises:
        InputError: the study is wrong, too large, or the folder holds something else.
        UnansweredError: it was stopped.
    """
    check_folder(folder)
    study = load_study(f"{text}\n")
    total = plans.size(study)
    if total > MOST_MEMBERS:
        message = f"{total} members; the page runs at most {MOST_MEMBERS}: `lithomech study`"
        raise InputError(message, key="runs")
    put({"study": described(study)})

    def progress(share: float, words: str) -> None:
        job.progress(share, words)
        put({"share": share, "words": words})

    workers = Watched(job, lambda members: put({"members": rows(study, members)}))
    with ended_by(job):
        result = run_study(study, folder, workers, progress)
    put({"found": found(result)})
    result.journal.close()


def described(study: Study) -> dict[str, Any]:
    """Return what is varied and read out, plain data."""
    goals = study.objective.goals if study.objective else ()
    return {
        "name": study.name,
        "method": study.method,
        "is_cell": study.subject.kind is CELL,
        "factors": [
            {"label": axis.label, "words": list(axis.words), "log": axis.log}
            for axis in study.axes
        ],
        "outputs": [reading.label for reading in study.readings],
        "goals": [k for k, one in enumerate(study.readings) if one.name in goals],
        "regions": list(study.regions) if study.method == WINDOW else [],
    }


def rows(study: Study, members: Iterable[Member]) -> list[dict[str, Any]]:
    """Return members as the page draws them."""
    return [
        {
            "point": list(member.point),
            "places": [
                axis.place(value) for axis, value in zip(study.axes, member.point, strict=True)
            ],
            "outputs": list(member.outputs.values()),
            "outcome": region_of(study, member),
            "reason": member.reason,
        }
        for member in members
    ]


def found(result: StudyResult) -> dict[str, Any]:
    """Return all members in the order of the table, and what the method made of them."""
    study = result.study
    crossings = boundary(result) if study.method == WINDOW else []
    return {
        "members": rows(study, result.members()),
        "reason": result.reason,
        "answers": list(result.answers),
        "warnings": list(result.warnings),
        "boundary": [
            [
                0.5 * (axis.place(one.low[k]) + axis.place(one.high[k]))
                for k, axis in enumerate(study.axes)
            ]
            for one in crossings
        ],
    }


def member_text(text: str, point: object) -> str:
    """Return the cell file of a member of a study.

    Raises:
        InputError: it is no study of cells, or has no such member.
    """
    study = load_study(f"{text}\n")
    if study.subject.kind is not CELL:
        raise InputError("only members that are cells can be opened", key="base")
    if not isinstance(point, list) or len(point) != len(study.paths):
        expected = f"expected {len(study.paths)} values, not {shown(point)}"
        raise InputError(expected, key="point")
    values = dict(zip(study.paths, point, strict=True)) | {TRACES: "all"}
    data = study.subject.origin.with_values(values).document.data
    return dump_yaml(json.loads(json.dumps(data)))
