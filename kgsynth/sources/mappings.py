"""Cross-references become mappings, each with the predicate that its source gives it.

``equivalent_to`` is exact, ``property_value: skos:broadMatch`` is broad, and a plain ``xref`` is
what ``[xrefs]`` of the manifest says, *related* unless it says more:

    [xrefs]
    default = "related"
    leads = "MONDO"       # mappings are turned so that an id of this authority is the subject
    [xrefs.prefixes]
    HGNC = "exact"        # of xrefs to this authority
    Wikipedia = ""        # no mapping

A trailing ``{source="MONDO:equivalentTo"}`` says it of one xref. Publications and web pages are
references, not mappings. A pair that the same file maps by a predicate of its own makes its plain
xref a repetition.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from kgsynth.errors import UnknownPrefixError
from kgsynth.identifiers import normalize_curie, prefix_of
from kgsynth.sources.base import MAPPING_PREDICATES, MAPPINGS, Rejections, Tally, table
from kgsynth.sources.curie_columns import spell_values

EXACT, RELATED = "exact", "related"

#: The tail of a mapping property -> the name used here.
MATCHES: dict[str, str] = {
    **{f"{name}Match": name for name in MAPPING_PREDICATES},
    "equivalentClass": EXACT,
}
#: What Mondo's ``{source="…"}`` on an xref says. Broad: the other record is the wider one.
QUALIFIED: dict[str, str] = {
    "MONDO:equivalentTo": EXACT,
    "MONDO:equivalentObsolete": RELATED,
    "MONDO:obsoleteEquivalent": RELATED,
    "MONDO:subClassOf": "broad",
    "MONDO:superClassOf": "narrow",
    "MONDO:relatedTo": RELATED,
    "MONDO:directSiblingOf": RELATED,
    "MONDO:mondoIsNarrowerThanSource": "broad",
    "MONDO:mondoIsBroaderThanSource": "narrow",
}
_TURNED = {"broad": "narrow", "narrow": "broad"}
_REFERENCES = frozenset(
    [
        *("pmid", "pubmed", "pmc", "isbn", "isbn-10", "isbn-13", "doi", "orcid", "patent", "goc"),
        *("url", "http", "https", "wikipedia"),
    ]
)


@dataclass
class Mappings:
    """The mappings of one file; strongest first, because a repetition is merged.

    Attributes:
        file: For the places of rejections.
        settings: The manifest's ``[xrefs]``.
        rejections: Gets ``reference``, ``unknown_prefix``, ``bad_identifier``.
    """

    file: object
    settings: Mapping[str, object]
    rejections: Rejections
    rows: list[tuple[str, str, str, str | None, int]] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def default(self, prefix: str) -> str:
        """Return what a plain xref to an authority is; "" for no mapping."""
        own: Mapping[str, str] = self.settings.get("prefixes", {})  # type: ignore[assignment]
        return own.get(prefix, str(self.settings.get("default", RELATED)))

    def add(
        self,
        unit: str,
        subjects: Sequence[str],
        objects: Sequence[str],
        predicates: Iterable[str | None],
        lines: Sequence[int],
        justification: str | None = None,
    ) -> None:
        """Add mappings of one kind.

        Args:
            unit: What they are called in the tally.
            subjects: Ids of the file's own terms, spelled.
            objects: Ids of others, as the file spells them.
            predicates: One of `MAPPING_PREDICATES` each; None for the default of the prefix.
            lines: One-based lines or record numbers.
            justification: See `base.MAPPINGS`.
        """
        good, bad = spell_values(objects, normalize_curie)
        loaded = merged = rejected = 0
        for subject, text, predicate, line in zip(
            subjects, objects, predicates, lines, strict=True
        ):
            problem = self._problem(text, bad)
            if problem is None and predicate is None:
                predicate = self.default(prefix_of(good[text]))
                problem = None if predicate else ("reference", f"{text} is no mapping here")
            if problem is not None:
                self.rejections.add(f"{self.file}:{line}", problem[0], f"{subject}: {problem[1]}")
                rejected += 1
            elif self._keep(subject, good[text], predicate or "", justification, line):
                loaded += 1
            else:
                merged += 1
        self.tallies.append(Tally(unit, len(subjects), loaded, merged, rejected))

    def _problem(self, text: str, bad: Mapping[str, Exception]) -> tuple[str, str] | None:
        head = text.partition(":")[0].lower()
        if head in _REFERENCES and not text.startswith("http"):
            return "reference", f"{text[:80]} is a publication or page, no mapping"
        error = bad.get(text)
        if error is None:
            return None
        if text.startswith("http"):
            return "reference", f"{text[:80]} is a web page, no mapping"
        code = "unknown_prefix" if isinstance(error, UnknownPrefixError) else "bad_identifier"
        return code, str(error)

    def _keep(
        self, subject: str, other: str, predicate: str, justification: str | None, line: int
    ) -> bool:
        leads = str(self.settings.get("leads", ""))
        if leads and prefix_of(other) == leads != prefix_of(subject):
            subject, other = other, subject
            predicate = _TURNED.get(predicate, predicate)
        if (subject, other) in self._seen or subject == other:
            return False
        self._seen.add((subject, other))
        self.rows.append((subject, other, predicate, justification, line))
        return True

    def table(self) -> pa.Table:
        """Return the mappings in the order they were added; see `base.MAPPINGS`."""
        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * 5
        names = ("subject", "object", "predicate", "justification", "line")
        arrays: dict[str, object] = {
            name: pa.array(column, MAPPINGS.field(name).type)
            for name, column in zip(names, columns, strict=True)
        }
        return table(MAPPINGS, arrays, len(self.rows))
