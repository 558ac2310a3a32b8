"""Quotas: how many rows of a run at least are of a specialty, ask by a relation, or for a category.

A quota is written ``specialty=neurology:30%``, ``category=Gene:0.2`` or
``predicate=has_mode_of_inheritance:50``: what, and how many rows, as a number or a share of all.
"""

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kgsynth.datasets.coverage import Wanted
from kgsynth.errors import UsageError
from kgsynth.graph.specialties import specialties_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.focus import Focus

DIMENSIONS = ("specialty", "predicate", "category")

_QUOTA = re.compile(
    rf"(?P<what>{'|'.join(DIMENSIONS)})=(?P<value>.+):(?P<amount>\d+(?:\.\d+)?%?|\.\d+)"
)
_NEXT = re.compile(rf",(?=(?:{'|'.join(DIMENSIONS)})=)")
_EXPECTED = (
    "expected such as specialty=neurology:30%, predicate=has_mode_of_inheritance:50 or "
    "category=Gene:0.2"
)


@dataclass(frozen=True, slots=True)
class Quota:
    """At least so many rows of a run have something.

    Attributes:
        what: One of `DIMENSIONS`.
        value: The id of a branch, a relation, or a category.
        amount: As it was written: ``30%``, ``0.2``, ``50``.
        rows: What that is in rows.
    """

    what: str
    value: str
    amount: str
    rows: int

    @property
    def text(self) -> str:
        """The quota as it is written down."""
        return f"{self.what}={self.value}:{self.amount}"

    @property
    def focus(self) -> Focus:
        """What a question has that counts for it."""
        return join([self])


def parse_quotas(texts: Sequence[str], n: int, graph: KnowledgeGraph) -> tuple[Quota, ...]:
    """Return quotas as they are written on the command line; several may stand in one text.

    Args:
        texts: Such as ``specialty=neurology:30%,category=Gene:50``.
        n: The rows of the run.
        graph: The graph; names of specialties become ids.

    Raises:
        UsageError: If one cannot be read, stands twice, asks for what the graph does not have or
            for more rows than there are to be.
    """
    found = [_read(one.strip(), n, graph) for text in texts for one in _NEXT.split(text)]
    for one, other in itertools.combinations(found, 2):
        if (one.what, one.value) == (other.what, other.value):
            raise UsageError(f"--quota {one.text} and {other.text} are for the same")
    for what in ("specialty", "category"):
        same = [one for one in found if one.what == what]
        if sum(one.rows for one in same) > n:
            named = ", ".join(one.text for one in same)
            raise UsageError(f"--quota {named}: together more than the {n:,} rows of the run")
    return tuple(found)


def wanted(settings: Mapping[str, Any], graph: KnowledgeGraph) -> list[Wanted]:
    """Return the quotas of a run, from the settings in its record, as coverage counts them."""
    quotas = parse_quotas(settings.get("quota", ()), settings["n"], graph)
    return [Wanted(quota.text, quota.focus, quota.rows) for quota in quotas]


def _read(text: str, n: int, graph: KnowledgeGraph) -> Quota:
    match = _QUOTA.fullmatch(text)
    if match is None:
        raise UsageError(f"--quota {text!r} cannot be read; {_EXPECTED}")
    what, value, amount = match["what"], match["value"].strip(), match["amount"]
    if what == "specialty":
        value = specialties_of(graph).find(value)
    elif what == "predicate" and value not in graph.predicates:
        raise UsageError(
            f"--quota {text!r}: the graph has no {value!r}; it has {', '.join(graph.predicates)}"
        )
    elif what == "category" and value not in (
        known := sorted(set(graph.column("category").unique().to_pylist()))
    ):
        raise UsageError(f"--quota {text!r}: the graph has no {value!r}; it has {', '.join(known)}")
    rows = _rows(amount, n)
    if not 0 < rows <= n:
        raise UsageError(f"--quota {text!r}: {rows:,} rows of {n:,}; {_EXPECTED}")
    return Quota(what, value, amount, rows)


def _rows(amount: str, n: int) -> int:
    """Return the rows that an amount means: whole numbers are rows, others are shares."""
    if amount.endswith("%"):
        return math.ceil(float(amount[:-1]) / 100 * n - 1e-9)
    return math.ceil(float(amount) * n - 1e-9) if "." in amount else int(amount)


def join(quotas: Sequence[Quota], *, rare_only: bool = False) -> Focus:
    """Return the focus of questions that count for all of some quotas."""
    by = {what: tuple(q.value for q in quotas if q.what == what) for what in DIMENSIONS}
    specialty = by["specialty"][0] if by["specialty"] else ""
    return Focus(specialty, by["predicate"], by["category"], rare_only)


def lay_out(n: int, needs: Sequence[tuple[Quota, int]]) -> list[tuple[int, tuple[Quota, ...]]]:
    """Divide rows so that each quota gets as many as it needs, and few rows count for several.

    Specialties are laid from the first row on; relations and categories from the last row
    backwards, and on from there again where they are more than there are rows.

    Args:
        n: The rows.
        needs: Quotas, and how many of these rows each is to get.

    Returns:
        How many rows count for which quotas; together all rows.

    Example:
        >>> gene = Quota("category", "Gene", "4", 4)
        >>> skin = Quota("specialty", "HP:0001574", "8", 8)
        >>> [(rows, [q.value for q in them]) for rows, them in lay_out(10, [(gene, 4), (skin, 8)])]
        [(6, ['HP:0001574']), (2, ['HP:0001574', 'Gene']), (2, ['Gene'])]
    """
    spans: list[tuple[int, int, Quota]] = []
    start, end = 0, n
    for quota, rows in sorted(needs, key=lambda need: DIMENSIONS.index(need[0].what)):
        if quota.what == "specialty":
            spans.append((start, min(n, start + rows), quota))
            start = min(n, start + rows)
            continue
        spans.append((max(0, end - rows), end, quota))
        if rows > end:
            spans.append((n - (rows - end), n, quota))
        end = end - rows if rows < end else n - (rows - end)
    cuts = sorted({0, n, *(cut for span in spans for cut in span[:2])})
    cells: dict[tuple[Quota, ...], int] = {}
    for low, high in itertools.pairwise(cuts):
        them = tuple(dict.fromkeys(q for a, b, q in spans if a <= low and high <= b))
        cells[them] = cells.get(them, 0) + high - low
    return [(rows, them) for them, rows in cells.items()]
