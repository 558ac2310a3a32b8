"""The graph's records: entities, statements, and who says them."""

from dataclasses import dataclass
from html import escape

from pydantic import ConfigDict, with_config

_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Evidence:
    """One source's word for a statement; "" where the source gives nothing.

    Attributes:
        source: The manifest's name of the source, such as ``hpoa``.
        version: Its version, such as ``2025-01-16``.
        license: The short name of the terms under which it may be used.
        reference: A publication or record, such as ``PMID:31675180``.
        code: The source's evidence code, such as ``PCS``, or association type.
        frequency: The frequency exactly as this source gives it.
        date: When a curator last touched it, such as ``2024-05-31``.
    """

    source: str
    version: str
    license: str
    reference: str = ""
    code: str = ""
    frequency: str = ""
    date: str = ""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Node:
    """An entity of the graph. `rarity_score` and `information_content` may be unknown (None)."""

    id: str
    name: str
    category: str
    synonyms: tuple[str, ...] = ()
    equivalent_ids: tuple[str, ...] = ()
    is_group: bool = False
    rarity_score: float | None = None
    information_content: float | None = None
    phrase: str = ""

    def _repr_html_(self) -> str:
        """Show name, id, category and synonyms: what a notebook prints."""
        also = f"<br>also called {escape('; '.join(self.synonyms))}" if self.synonyms else ""
        others = ", ".join(self.equivalent_ids)
        same = f"<br>same as {escape(others)}" if others else ""
        head = f"<b>{escape(self.name)}</b> <code>{escape(self.id)}</code> {escape(self.category)}"
        return f"<p>{head}{also}{same}</p>"


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Edge:
    """A statement with all its evidence. Qualifiers are "" where no source gives one."""

    id: str
    subject: str
    predicate: str
    object: str
    negated: bool = False
    contested: bool = False
    redundant: bool = False
    frequency: str = ""
    onset: str = ""
    sex: str = ""
    evidence: tuple[Evidence, ...] = ()
