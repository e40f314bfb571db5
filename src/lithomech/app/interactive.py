"""The components of the workbench inside a report: one file, nothing to load.

The scripts of the page are modules. Here each becomes a function whose exports are a constant,
so that they can stand in one script, which the policy of the report names by its hash.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lithomech.app.json_text import json_text
from lithomech.app.page import Interactive, section
from lithomech.app.web.charts import CHARTS, charts_folder

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult
    from lithomech.studies.fit_result import FitResult
    from lithomech.studies.table import StudyResult

STATIC: Final = Path(__file__).with_name("web") / "static"
MODULES: Final = (
    "columns", "controls", "charts", "stack", "across", "study_charts", "fit_charts", "report",
)  # fmt: skip
IMPORT: Final = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
EXPORT: Final = re.compile(
    r"^export ((?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE
)


def of_run(result: "CellResult") -> Interactive:
    """Return the stack, the linked plots and the cursor of a run."""
    from lithomech.app.web.columns import answer  # noqa: PLC0415 - only where it is asked for

    return _interactive("run", answer(result))


def of_study(result: "StudyResult") -> Interactive:
    """Return the members of a study over the columns that the reader chooses."""
    from lithomech.app.web.studies import described, found  # noqa: PLC0415 - likewise

    return _interactive("study", {"study": described(result.study), "found": found(result)})


def of_fit(result: "FitResult") -> Interactive:
    """Return the measured values and the fit with its band."""
    from lithomech.app.web.fits import channel_of, found  # noqa: PLC0415 - likewise

    channels = [channel_of(channel) for channel in result.fit.channels]
    return _interactive("fit", {"channels": channels, "found": found(result)})


def _interactive(kind: str, data: Mapping[str, Any]) -> Interactive:
    text = json_text({"kind": kind, "data": data}).replace("<", "\\u003c")
    body = (
        '<div id="interactive"></div>\n'
        f'<script type="application/json" id="data">{text}</script>'
    )
    library = [(charts_folder() / name).read_text(encoding="utf-8") for name in CHARTS]
    scripts = (*library, bundled())
    styles = (STATIC / "components.css").read_text(encoding="utf-8")
    safe = tuple(script.replace("</script", "<\\/script") for script in scripts)
    return Interactive(section("Interactive", body), safe, styles)


def bundled() -> str:
    """Return the modules of the components as one script."""
    return "\n".join(map(_as_function, MODULES))


def _as_function(name: str) -> str:
    text = (STATIC / f"{name}.js").read_text(encoding="utf-8")
    exports = ", ".join(match[2] for match in EXPORT.finditer(text))
    inside = EXPORT.sub(r"\1", IMPORT.sub(r"const \1 = module_\2;", text))
    return f"const module_{name} = (() => {{\n{inside}\nreturn {{ {exports} }};\n}})();"
