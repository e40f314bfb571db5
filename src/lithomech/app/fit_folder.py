"""The folder that a fit leaves behind."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lithomech.app import out_folder
from lithomech.app.default_folder import INPUTS, record_inputs
from lithomech.app.fit_page import write_page
from lithomech.app.interactive import of_fit
from lithomech.app.page import STILL
from lithomech.plot.fit import figures
from lithomech.plot.style import save_png
from lithomech.studies.journal import NAME

if TYPE_CHECKING:
    from lithomech.studies.fit_result import FitResult

FILES: Final = {
    INPUTS, NAME, f"{NAME}-wal", f"{NAME}-shm", "fit.json", "parameters.csv", "fitted.yaml",
    "report.html", "figures", "calibrate.yaml", "calibrated.yaml",
    "posterior.json",
}  # fmt: skip


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but a fit.

    Raises:
        InputError: something else stands there.
    """
    out_folder.check_folder(folder, lambda f: out_folder.visible(f) <= FILES, "a fit")


def write_folder(
    result: "FitResult",
    folder: Path,
    sources: Sequence[Path],
    texts: Mapping[str, str],
    *,
    interactive: bool = False,
) -> None:
    """Write all that a fit found beside its journal; close it.

    Args:
        result: a fit that has ended.
        folder: that passed ``check_folder``.
        sources: files that it came from.
        texts: further files by name.
        interactive: whether its report is.
    """
    with out_folder.staging(folder, ["figures/*.png"]) as staged:
        record_inputs(staged, folder, sources)
        for name, content in texts.items():
            (staged / name).write_text(content, encoding="utf-8")
        text = json.dumps(result.to_json(), allow_nan=False, indent=1)
        (staged / "fit.json").write_text(text + "\n", encoding="utf-8")
        result.save(staged / "parameters.csv")
        if result.posterior is not None:
            result.posterior.save(staged / "posterior.json")
        (staged / "fitted.yaml").write_text(result.fitted, encoding="utf-8")
        drawn = figures(result)
        for name, figure in drawn.items():
            save_png(figure, staged / "figures" / f"{name}.png")
        write_page(
            result, drawn, staged / "report.html", of_fit(result) if interactive else STILL
        )
        result.journal.close()  # it moves with the folder
