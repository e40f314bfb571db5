"""The folder that a run leaves behind."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from lithomech.app.report import write_report
from lithomech.cell.result import load_result
from lithomech.errors import InputError
from lithomech.plot.cell_result import figures
from lithomech.plot.style import save_png

if TYPE_CHECKING:
    from lithomech.cell.result import CellResult

RESULT: Final = "result.nc"


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier result.

    Args:
        folder: Where results are to go; may be missing or empty.

    Raises:
        InputError: If something else stands there.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError("this is a file; --out wants a folder", file=str(folder))
    if not folder.exists() or not any(folder.iterdir()):
        return
    try:
        load_result(folder / RESULT)
    except (InputError, OSError) as error:
        raise InputError(
            "this folder holds something other than a lithomech result; choose another --out",
            file=str(folder),
        ) from error


def write_folder(result: "CellResult", folder: Path) -> None:
    """Write result.nc, timeseries.csv, report.html and figures/*.png into a folder.

    All files are made in a hidden folder first and then moved one by one, so that an error
    on the way leaves an earlier result as it was. Of the other files in the folder only
    pictures in figures/ that this result does not have are removed.

    Args:
        result: A finished run.
        folder: Folder that passed ``check_folder``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".partial-", dir=folder) as name:
        staged = Path(name)
        drawn = figures(result)
        result.save(staged / RESULT)
        result.series.to_bdf(staged / "timeseries.csv")
        write_report(result, staged / "report.html", drawn)
        for title, figure in drawn.items():
            save_png(figure, staged / "figures" / f"{title}.png")
        pictures = folder / "figures"
        pictures.mkdir(exist_ok=True)
        for stale in pictures.glob("*.png"):
            if not (staged / "figures" / stale.name).exists():
                stale.unlink()
        for made in sorted(staged.rglob("*.*")):
            made.replace(folder / made.relative_to(staged))
