"""The folder that a run leaves behind."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from lithomech.app import out_folder
from lithomech.app.default_folder import INPUTS, UNFINISHED, record_inputs
from lithomech.app.interactive import of_run
from lithomech.app.page import STILL
from lithomech.app.report import write_report
from lithomech.app.result_tables import write_tables
from lithomech.app.wanted import FORMATS, Wanted
from lithomech.cell.readout.load import load_result
from lithomech.errors import InputError
from lithomech.plot.cell_result import figures
from lithomech.plot.style import save_figure

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult
    from lithomech.observe.overlay import Overlay
    from lithomech.studies.bands import Bands

RESULT: Final = "result.nc"


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier result or an unfinished run.

    Args:
        folder: Where results are to go; may be missing or empty.

    Raises:
        InputError: If something else stands there.
    """
    out_folder.check_folder(folder, _holds_result, "a lithomech result")


def write_folder(
    result: "CellResult",
    wanted: Wanted,
    compared: "Overlay | None" = None,
    bands: "Bands | None" = None,
) -> None:
    """Write result.nc, tables, report.html, input.txt and figures; all of them or none.

    Of the other files in the folder only pictures in figures/ that this result does not have
    are removed.

    Args:
        result: A finished run.
        wanted: Its folder passed ``check_folder``.
        compared: With a measurement, if there is one.
        bands: Over what is not known, if that was run.
    """
    folder = wanted.folder
    if folder is None:
        return
    pictures = [f"figures/*.{ending}" for ending in FORMATS]
    with out_folder.staging(folder, pictures) as staged:
        drawn = figures(result, None if bands is None else bands.by_quantity())
        if compared is not None:
            drawn = {"comparison": compared.plot(), **drawn}
        result.save(staged / RESULT)
        result.series.to_bdf(staged / "timeseries.csv")
        write_tables(result, staged)
        record_inputs(staged, folder, [wanted.source])
        interactive = of_run(result) if wanted.interactive else STILL
        write_report(result, staged / "report.html", drawn, interactive)
        for title, figure in drawn.items():
            for ending in wanted.formats:
                save_figure(figure, staged / "figures" / f"{title}.{ending}")


def _holds_result(folder: Path) -> bool:
    if out_folder.visible(folder) <= {INPUTS, UNFINISHED}:
        return True
    try:
        load_result(folder / RESULT)
    except (InputError, OSError):
        return False
    return True
