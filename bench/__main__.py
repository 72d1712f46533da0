"""Measures how fast it is; prints a table, writes latest.json.

`./run bench [PART …] [sqlite] [postgresql]`. Without names everything but the great rush, which
takes its time, on both databases; what is not measured keeps its figures in latest.json.
"""

import json
import os
import platform
import shutil
import sys
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from bench import (
    calendars,
    finding,
    importing,
    lists,
    opening,
    pages,
    papers,
    placement,
    registering,
    rush,
)
from bench.servers import ROOT

KINDS = ("sqlite", "postgresql")
PARTS: dict[str, ModuleType] = {
    "pages": pages, "registrations": registering, "lists": lists, "import": importing,
    "papers": papers, "placement": placement, "opening": opening, "calendars": calendars,
    "search": finding, "rush": rush,
}  # fmt: skip
NEED_WRK = {"pages", "registrations"}
LATEST = ROOT / "bench" / "latest.json"


def main() -> None:
    """Measure what is named; exit 1 where a goal is missed or anything was lost."""
    named = sys.argv[1:]
    if unknown := [name for name in named if name not in {*PARTS, *KINDS}]:
        raise SystemExit(f"{unknown[0]} går inte att mäta. Det här går: {', '.join(PARTS)}.")
    parts = [name for name in PARTS if name in named] or [name for name in PARTS if name != "rush"]
    kinds = [kind for kind in KINDS if kind in named] or list(KINDS)
    if NEED_WRK & set(parts) and not shutil.which("wrk"):
        raise SystemExit("Installera wrk först (Debian: apt-get install wrk).")
    measured = {}
    for name in parts:
        rows = [row for kind in kinds for row in PARTS[name].measure(kind)]
        measured[name] = {"measured": datetime.now(UTC).isoformat(timespec="seconds"), "rows": rows}
    for name in parts:
        print(f"\n{name}")
        PARTS[name].show(measured[name]["rows"])
    _keep(measured)
    wrong = {
        f"{name}, {row['database']}, {row['what']}: {line}"
        for name in parts for row in measured[name]["rows"] for line in row.get("wrong", [])
    }  # fmt: skip
    if wrong:
        raise SystemExit("\n".join(["\nMålen nåddes inte:", *sorted(wrong)]))


def _keep(measured: dict[str, Any]) -> None:
    known = json.loads(LATEST.read_text()) if LATEST.exists() else {}
    report = {
        "python": platform.python_version(), "cores": os.cpu_count(),
        "seconds_per_figure": pages.SECONDS,
        "parts": known.get("parts", {}) | measured,
    }  # fmt: skip
    LATEST.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
