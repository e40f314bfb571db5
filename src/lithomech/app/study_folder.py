"""The folder that a study leaves behind."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from lithomech.app import out_folder
from lithomech.app.default_folder import INPUTS, record_inputs
from lithomech.app.page import STILL, Interactive
from lithomech.app.study_page import write_page
from lithomech.plot.style import save_png
from lithomech.studies.findings import pictures
from lithomech.studies.journal import NAME

if TYPE_CHECKING:
    from lithomech.studies.table import StudyResult

FILES: Final = {
    INPUTS, NAME, f"{NAME}-wal", f"{NAME}-shm", "table.csv", "study.nc", "report.html",
    "figures",
}  # fmt: skip


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but a study.

    Args:
        folder: Where results are to go; may be missing or empty.

    Raises:
        InputError: If something else stands there.
    """
    out_folder.check_folder(folder, lambda f: out_folder.visible(f) <= FILES, "a study")


def write_folder(
    result: "StudyResult", folder: Path, source: Path, interactive: Interactive = STILL
) -> None:
    """Write table.csv, study.nc, report.html and figures beside the journal; close it.

    Args:
        result: A study that has ended.
        folder: That passed ``check_folder``.
        source: Its file.
        interactive: What makes its report so.
    """
    with out_folder.staging(folder, ["figures/*.png"]) as staged:
        record_inputs(staged, folder, [source])
        result.save(staged / "table.csv")
        result.save(staged / "study.nc")
        drawn = pictures(result)
        for name, figure in drawn.items():
            save_png(figure, staged / "figures" / f"{name.replace('@', '_cycle_')}.png")
        write_page(result, drawn, staged / "report.html", interactive)
        result.journal.close()  # it moves with the folder
