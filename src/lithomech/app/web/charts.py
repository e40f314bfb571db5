"""Where the JavaScript of the charts is."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from lithomech.errors import InputError

CHARTS: Final = ("bokeh.min.js", "bokeh-api.min.js")


def charts_folder() -> Path:
    """Return where the wheel of the chart library keeps it; its Python is not imported.

    Raises:
        InputError: it is not installed.
    """
    spec = find_spec("bokeh")
    if spec is None or spec.origin is None:
        raise InputError("the charts of the page need bokeh: pip install 'lithomech[app]'")
    return Path(spec.origin).parent / "server" / "static" / "js"
