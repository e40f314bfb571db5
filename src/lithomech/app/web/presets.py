"""Presets of the page: a sentence, an example and the slider that shows it."""

from pathlib import Path
from typing import Any, Final

from lithomech.files.yamlfile import read_document

PRESETS: Final = Path(__file__).with_name("presets.yaml")


def presets() -> list[dict[str, Any]]:
    """The presets, plain data."""
    listed = read_document(PRESETS).data["presets"]
    return list(listed) if isinstance(listed, list) else []
