"""JSON without the words for infinity and not-a-number, which it does not have."""

import json
import math
from typing import Any


def json_text(data: object) -> str:
    """Return data as JSON, with null for every number that JSON has no word for."""
    try:
        return json.dumps(data, allow_nan=False)
    except ValueError:  # rare, and looking for such numbers takes longer than writing
        return json.dumps(_plain(data), allow_nan=False)


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever JSON can hold
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
