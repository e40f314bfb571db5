"""The folder that a run leaves behind."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from lithomech.app import out_folder
from lithomech.app.report import write_report
from lithomech.cell.readout.load import load_result
from lithomech.errors import InputError
from lithomech.plot.cell_result import figures
from lithomech.plot.style import save_png

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult
    from lithomech.observe.overlay import Overlay

RESULT: Final = "result.nc"


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier result.

    Args:
        folder: Where results are to go; may be missing or empty.

    Raises:
        InputError: If something else stands there.
    """
    out_folder.check_folder(folder, _holds_result, "a lithomech result")


def write_folder(result: "CellResult", folder: Path, compared: "Overlay | None" = None) -> None:
    """Write result.nc, timeseries.csv, report.html and figures/*.png; all of them or none.

    Of the other files in the folder only pictures in figures/ that this result does not have
    are removed.

    Args:
        result: A finished run.
        folder: Folder that passed ``check_folder``.
        compared: With a measurement, if there is one.
    """
    with out_folder.staging(folder) as staged:
        drawn = figures(result)
        if compared is not None:
            drawn = {"comparison": compared.plot(), **drawn}
        result.save(staged / RESULT)
        result.series.to_bdf(staged / "timeseries.csv")
        write_report(result, staged / "report.html", drawn)
        for title, figure in drawn.items():
            save_png(figure, staged / "figures" / f"{title}.png")
        for stale in (folder / "figures").glob("*.png"):
            if not (staged / "figures" / stale.name).exists():
                stale.unlink()


def _holds_result(folder: Path) -> bool:
    try:
        load_result(folder / RESULT)
    except (InputError, OSError):
        return False
    return True
