"""The nodes of OBO Graphs: merged over all graphs of a file, described, and replaced by others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import own_curie
from kgsynth.sources.base import Rejections, Tally
from kgsynth.sources.plain import without_markup

_EXACT = "hasExactSynonym"
_LAY = frozenset({"layperson", "http://purl.obolibrary.org/obo/hp#layperson"})
_REPLACED = ("IAO_0100001", "IAO:0100001")
_ALTERNATIVE = "hasAlternativeId"
_NAMESPACE = "hasOBONamespace"


@dataclass
class Record:
    """One node as the file describes it.

    Attributes:
        curie: Spelled the house way.
        number: Of the node in the file, one-based, over all graphs.
        name: Its label, null where it has none.
        meta: All else that is said of it.
        typed: Whether the file says that it is a class or an individual.
    """

    curie: str
    number: int
    name: str | None
    meta: Mapping[str, Any] = field(default_factory=dict)
    typed: bool = True

    @property
    def deprecated(self) -> bool:
        """Whether the file says that nobody should use it any more."""
        return self.meta.get("deprecated") is True

    @property
    def definition(self) -> str | None:
        """What it is, in plain text."""
        made = self.meta.get("definition")
        text = made.get("val") if isinstance(made, dict) else None
        return without_markup(text) if isinstance(text, str) else None

    @property
    def properties(self) -> Iterator[tuple[str, str]]:
        """Its further properties: name and value."""
        for one in _dicts(self.meta, "basicPropertyValues"):
            name, value = one.get("pred"), one.get("val")
            if isinstance(name, str) and isinstance(value, str):
                yield name, value

    @property
    def synonyms(self) -> list[str]:
        """Other names that mean the same."""
        return [text for text, scope, _ in self._named() if scope == _EXACT]

    @property
    def lay(self) -> list[str]:
        """Those that a patient would use."""
        return [text for text, scope, kind in self._named() if scope == _EXACT and kind in _LAY]

    @property
    def related_synonyms(self) -> list[str]:
        """Broad, narrow and related names."""
        return [text for text, scope, _ in self._named() if scope != _EXACT]

    @property
    def alt_ids(self) -> list[str]:
        """Other ids of the same term, those that can be read."""
        found = []
        for name, value in self.properties:
            if name.endswith(_ALTERNATIVE):
                found += list(_spelled(value))
        return found

    def _named(self) -> Iterator[tuple[str, str, str]]:
        for one in _dicts(self.meta, "synonyms"):
            text = one.get("val")
            if isinstance(text, str):
                yield text, str(one.get("pred", "")), str(one.get("synonymType", ""))


class Nodes:
    """The nodes of all graphs of a file.

    Attributes:
        living: Classes and individuals that are not deprecated, in the order of the file.
        properties: Ids, as the file spells them, of its relations and annotations.
        labels: Label of each of them.
    """

    def __init__(self, file: object, graphs: list[dict[str, Any]], rejections: Rejections) -> None:
        self.file = file
        self.rejections = rejections
        self.properties: set[str] = set()
        self.labels: dict[str, str] = {}
        self._read = self._merged = self._lost = 0
        self._records: dict[str, Record] = {}
        for graph in graphs:
            nodes = graph.get("nodes")
            for node in nodes if isinstance(nodes, list) else ():
                self._read += 1
                self._take(node)
        self.living = [one for one in self._records.values() if not one.deprecated]
        self._dead = [one for one in self._records.values() if one.deprecated]

    def _take(self, node: object) -> None:
        given = node.get("id") if isinstance(node, dict) else None
        if not isinstance(node, dict) or not isinstance(given, str):
            return self._lose(self._read, "no_id", f"node without an id: {str(node)[:80]}")
        name = node.get("lbl") if isinstance(node.get("lbl"), str) else None
        if node.get("type") == "PROPERTY":
            self.properties.add(given)
            self.labels.setdefault(given, name or "")
            return self._lose(self._read, "property", f"{given} is a relation, no entity")
        curie = next(_spelled(given), "")
        if not curie:
            return self._lose(self._read, "bad_identifier", f"not an identifier: {given[:80]!r}")
        meta = node.get("meta") if isinstance(node.get("meta"), dict) else {}
        plain = name.replace("\u00a0", " ") if name else None
        made = Record(curie, self._read, plain, meta or {}, isinstance(node.get("type"), str))
        first = self._records.setdefault(curie, made)
        if first is not made:
            self._merged += 1
            if made.typed and not first.typed:
                self._records[curie] = made  # keeps the place of the first
        return None

    def _lose(self, number: int, code: str, detail: str) -> None:
        self._lost += 1
        self.rejections.add(f"{self.file}:node {number}", code, detail)

    def namespaces(self) -> dict[str, str]:
        """Return the name space of each node that states one."""
        return {
            one.curie: value
            for one in self.living
            for name, value in one.properties
            if name.endswith(_NAMESPACE)
        }

    def replacements(self) -> dict[str, tuple[str, ...]]:
        """Return deprecated id -> ids that replace it; reject those without exactly one."""
        found = {}
        for one in self._dead:
            named = [
                curie
                for name, value in one.properties
                if name.endswith(_REPLACED)
                for curie in _spelled(value)
            ]
            found[one.curie] = tuple(dict.fromkeys(named))
            if len(found[one.curie]) == 1:
                self._merged += 1
            else:
                count = len(found[one.curie])
                fate = f"has {count} replacements" if count else "nothing replaces it"
                detail = f"{one.curie} is obsolete and {fate}; statements on it are rejected"
                self._lose(one.number, "obsolete_term", detail)
        return found

    def tally(self) -> Tally:
        """Return what became of the nodes; ask after `replacements`."""
        return Tally("nodes", self._read, len(self.living), self._merged, self._lost)


def texts(meta: Mapping[str, Any], name: str) -> list[str]:
    """Return a list of texts, or of objects that hold one as ``val``."""
    found = meta.get(name)
    values = [
        one.get("val") if isinstance(one, dict) else one
        for one in (found if isinstance(found, list) else ())
    ]
    return [one for one in values if isinstance(one, str)]


def _dicts(meta: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = meta.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _spelled(text: str) -> Iterator[str]:
    try:
        yield own_curie(text)
    except IdentifierError:
        return
