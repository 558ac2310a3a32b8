"""How old the sources of a graph are, and under which terms they stand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_DATE = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class SourceAge:
    """One source of a graph.

    Attributes:
        name: As the manifest calls it.
        title: For people.
        version: As the graph states it.
        license: The short name of its terms, "" where it states none.
        license_url: Where the terms stand.
        released: The date in its version, "" where that holds none.
        age_days: Days since then; None where there is no date.
        statements: Evidences that it gives; 0 where it gives none.
    """

    name: str
    title: str
    version: str
    license: str
    license_url: str
    released: str
    age_days: int | None
    statements: int = 0


def ages(manifest: Mapping[str, Any], today: date) -> tuple[SourceAge, ...]:
    """Return the sources of a graph with their ages, the oldest first, undated ones last."""
    found = []
    for one in manifest["sources"]:
        released = released_on(one["version"])
        found.append(
            SourceAge(
                name=one["name"],
                title=one["title"],
                version=one["version"],
                license=one["license"],
                license_url=one.get("license_url", ""),
                released=released.isoformat() if released else "",
                age_days=(today - released).days if released else None,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.released or "9999", one.name)))


def released_on(version: str) -> date | None:
    """Return the date in a version, None where there is none.

    Example:
        >>> released_on("hp/releases/2025-01-16"), released_on("v48")
        (datetime.date(2025, 1, 16), None)
    """
    for year, month, day in _DATE.findall(version):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
