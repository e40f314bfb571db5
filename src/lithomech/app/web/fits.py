"""Fits that the page watches: a file is put down, parameters are chosen, curves come closer."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, final

import numpy as np

from lithomech.app.web.columns import packed
from lithomech.app.web.controls import SLIDERS, standing
from lithomech.app.web.desk import Job
from lithomech.app.web.kept import keep
from lithomech.app.web.stream import Put
from lithomech.app.web.watched import Watched, ended_by
from lithomech.app.web.work import first_text
from lithomech.errors import InputError
from lithomech.files.edited import with_value
from lithomech.files.packaged import examples, measured
from lithomech.files.yamlfile import dump_yaml, parse_document, read_document
from lithomech.studies.fit import run_fit
from lithomech.studies.fit_result import FitResult
from lithomech.studies.fitted_channels import Channel
from lithomech.studies.members import Member
from lithomech.studies.spec.fit import Fit, load_fit

EXAMPLE: Final = "fit_voltage_and_pressure"
SCALED: Final = ("diffusivity", "exchange_current_density", "volume_strain")
NEAR: Final = 4.0  # how far bounds are proposed from a value, as a ratio
MOST_STARTS: Final = 16
MOST_POINTS: Final = 400


class Chosen(NamedTuple):
    """What the page asks of a fit.

    Attributes:
        text: of the cell file; its protocol repeats the measurement.
        file: that was measured.
        noise: standard deviation by quantity.
        parameters: range by key.
        starts: of the search.
    """

    text: str
    file: Path
    noise: Mapping[str, str]
    parameters: Mapping[str, Mapping[str, str]]
    starts: int


def example(folder: Path) -> dict[str, Any]:
    """Return a fit to try: the cell, the measured file and what it was made with, parameters.

    Args:
        folder: of measured files.
    """
    data: Any = read_document(examples()[EXAMPLE]).data
    text = first_text(data["base"])
    for key, value in data["set"].items():
        written = json.dumps(value) if isinstance(value, list) else str(value)
        text = with_value(text, key, written)
    (one,) = data["data"]
    kept = keep("fit.csv", measured()[one["file"]].read_bytes(), folder)
    truth = examples()[EXAMPLE].read_text(encoding="utf-8").splitlines()[1].removeprefix("# ")
    return {
        "text": text,
        "measured": kept,
        "truth": truth,
        "parameters": list(data["parameters"]),
    }


def proposed(text: str) -> list[dict[str, Any]]:
    """Return parameters that a cell file has, with bounds around their values.

    Raises:
        InputError: the text is no YAML.
    """
    data = parse_document(f"{text}\n").data
    values = standing(data)
    listed = [
        _range(f"materials.{values[key]}.{name}.scale", 1.0, "", log=True)
        for key in ("cathode.active[0].material",)
        if key in values
        for name in SCALED
    ]
    for slider in SLIDERS:
        value = values.get(slider.key)
        if isinstance(value, float) and value > 0.0 and not slider.key.startswith("protocol."):
            listed.append(_range(slider.key, value, slider.unit, log=slider.log))
    return listed


def _range(key: str, value: float, unit: str, *, log: bool) -> dict[str, Any]:
    low, high = (value / NEAR, value * NEAR) if log else (0.9 * value, 1.1 * value)
    ends = [f"{end:.3g} {unit}".rstrip() for end in (low, high)]
    return {"key": key, "from": ends[0], "to": ends[1], "scale": "log" if log else "linear"}


def file_text(chosen: Chosen) -> str:
    """Return the fit file, as `lithomech fit` takes it."""
    data = {
        "name": "fit of the page",
        "base": json.loads(json.dumps(parse_document(f"{chosen.text}\n").data)),
        "data": [
            {
                "file": str(chosen.file),
                "fit": list(chosen.noise),
                "noise": dict(chosen.noise),
                "points": MOST_POINTS,
            }
        ],
        "parameters": {
            key: {name: _plain(value) for name, value in one.items()}
            for key, one in chosen.parameters.items()
        },
        "method": {"fit": "least_squares", "starts": chosen.starts},
    }
    return dump_yaml(data)


def _plain(value: str) -> str | float:
    """A number without a unit as such."""
    number = re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?", value.strip())
    return float(value) if number else value


def watch_fit(chosen: Chosen, folder: Path, job: Job, put: Put) -> None:
    """Run a fit; the best curves so far, then what was found, are put as they come.

    Raises:
        InputError: the fit is wrong.
        SolveError: no start gave a run that completed.
        UnansweredError: it was stopped.
    """
    fit = load_fit(file_text(chosen))
    put({"channels": [channel_of(channel) for channel in fit.channels]})
    best = Best(fit, put)

    def progress(share: float, words: str) -> None:
        job.progress(share, words)
        put({"share": share, "words": words})

    with ended_by(job):
        result = run_fit(fit, folder, Watched(job, best.note), progress)
    put({"found": found(result)})
    result.journal.close()


@final
class Best:
    """The member that came closest so far; reported when another one comes closer."""

    def __init__(self, fit: Fit, put: Put) -> None:
        """Begin without one."""
        self._fit, self._put, self._cost = fit, put, np.inf

    def note(self, members: list[Member]) -> None:
        """Look at members that are done."""
        for member in members:
            if any(value is None for value in member.outputs.values()):
                continue
            curves = [
                np.array([member.outputs[one.name] for one in channel.readings], np.float64)
                for channel in self._fit.channels
            ]
            cost = sum(
                float(np.sum(((curve - channel.measured) / channel.noise) ** 2))
                for curve, channel in zip(curves, self._fit.channels, strict=True)
            )
            if cost < self._cost:
                self._cost = cost
                shown = zip(curves, self._fit.channels, strict=True)
                values = [packed(curve * channel.shown[1]) for curve, channel in shown]
                count = sum(channel.at.size for channel in self._fit.channels)
                self._put({"best": {"curves": values, "misfit": (cost / count) ** 0.5}})


def channel_of(channel: Channel) -> dict[str, Any]:
    """Return what was measured of one quantity, in the unit of pictures."""
    unit, factor = channel.shown
    return {
        "label": channel.label,
        "unit": unit,
        "across": channel.across.label,
        "log": channel.across.log,
        "x": packed(channel.at * channel.across.factor),
        "y": packed(channel.measured * factor),
    }


def found(result: FitResult) -> dict[str, Any]:
    """Return parameters with intervals, sentences, and the curves of the best fit."""
    factors = [channel.shown[1] for channel in result.fit.channels]
    curves = zip(result.found.predicted, result.bands, factors, strict=True)
    return {
        "parameters": [row._asdict() for row in result.parameters],
        "answers": list(result.answers),
        "warnings": list(result.warnings),
        "reason": result.reason,
        "curves": [
            {"y": packed(y * factor), "band": packed(band * factor)}
            for y, band, factor in curves
        ],
        "fitted": result.fitted,
    }


def chosen_of(text: str, data: Mapping[str, Any], folder: Path) -> Chosen:
    """Return what the page asks of a fit.

    Args:
        text: of the cell file.
        data: of the request.
        folder: of measured files.

    Raises:
        InputError: something is missing or of another kind.
    """
    name, noise = data.get("file"), data.get("noise")
    parameters, starts = data.get("parameters"), data.get("starts")
    if not isinstance(name, str) or not re.fullmatch("[0-9a-f]{32}[.a-z0-9]{0,9}", name):
        raise InputError("put a measured file down first", key="file")
    if not isinstance(noise, dict) or not noise or not all(map(_is_text, noise.values())):
        raise InputError("choose what is fitted, with its noise", key="noise")
    if not isinstance(parameters, dict) or not parameters:
        raise InputError("choose at least one parameter", key="parameters")
    for key, one in parameters.items():
        if not isinstance(one, dict) or not all(map(_is_text, one.values())):
            raise InputError("expected from, to and scale", key=f"parameters.{key}")
    if type(starts) is not int or not 1 <= starts <= MOST_STARTS:
        raise InputError(f"a whole number from 1 to {MOST_STARTS}", key="starts")
    return Chosen(text, folder / name, noise, parameters, starts)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) < 80
