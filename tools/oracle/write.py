"""Where and how the oracle programs write their values."""

import json
from pathlib import Path

VALUES = Path(__file__).parent / "values"


def _compact(value, depth):
    """JSON with one line per innermost list, so that diffs stay readable and files small."""
    pad = " " * (2 * depth)
    if isinstance(value, dict) and value:
        rows = (f"{pad}  {json.dumps(k)}: {_compact(v, depth + 1)}" for k, v in value.items())
        return "{\n" + ",\n".join(rows) + f"\n{pad}}}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return "[\n" + ",\n".join(f"{pad}  {_compact(v, depth + 1)}" for v in value) + f"\n{pad}]"
    return json.dumps(value, allow_nan=False)


def digits(value):
    """A float with ten significant digits, which keeps the files small and is far below float32."""
    return float(f"{value:.10g}")


def write_json(name, value):
    VALUES.mkdir(exist_ok=True)
    (VALUES / name).write_text(_compact(value, 0) + "\n")
