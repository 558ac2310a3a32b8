"""What an OBO document says between terms: is-a, relationships, logical definitions, unions.

``intersection_of`` defines a term by a genus and by differences, and each of them holds of it: the
genus is a ``subclass_of``, each difference a relation. Such statements say ``logical definition``
in their code; those that only repeat an ``is_a`` or ``relationship`` are merged. A ``union_of``
makes its members kinds of the term.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.sources.base import Rejections, Tally
from kgsynth.sources.curie_columns import spell_column
from kgsynth.sources.links import DEFINED, SUBCLASS, LinkReader, Links, joined, subclass_table
from kgsynth.sources.obo_format import HEADER, OboDocument
from kgsynth.sources.obo_terms import Terms
from kgsynth.sources.obo_values import Qualifier, parse_words
from kgsynth.sources.relations import Relations

_TARGET = r"^(?P<id>[^\s{!\\]+)(?:\s*[{!].*)?$"
#: Cardinalities that turn a relation into its denial: at most none.
_NONE_OF = ("cardinality", "maxCardinality")
UNION = "union"


class OboLinks:
    """The links of one document as statements.

    Attributes:
        tallies: What became of the links, by kind.
    """

    def __init__(self, terms: Terms, settings: Mapping[str, object]) -> None:
        self.terms = terms
        self.rejections: Rejections = terms.rejections
        self.file = terms.source.file
        own: Mapping[str, str] = settings.get("predicates", {})  # type: ignore[assignment]
        self.taxa = frozenset(settings.get("taxa", ()))  # type: ignore[call-overload]
        self.tops = tuple(settings.get("categories", ()))  # type: ignore[arg-type,var-annotated]
        self.relations = _relations(terms.document, own)
        self.tallies: list[Tally] = []

    def statements(self) -> tuple[pa.Table, tuple[list[str], list[str]]]:
        """Return all statements, and the children and parents of every ``is_a`` link."""
        plain, ends = self._subclasses()
        tables = [plain]
        kinds = (
            ("relationship", "relationships", ""),
            ("intersection_of", "parts of definitions", DEFINED),
            ("union_of", "members of unions", UNION),
        )
        used = [kind for kind in kinds if self.terms.document.has(kind[0])]
        if used:
            reader = LinkReader(self.file, self.relations, self.rejections)
            reader.know(*ends)
            for tag, unit, prefix in used:
                table, tally = reader.read(self._collect(tag, unit, prefix))
                self.tallies.append(tally)
                tables.append(table)
        return joined(tables), ends

    # ---- is_a ------------------------------------------------------------------------------

    def _subclasses(self) -> tuple[pa.Table, tuple[list[str], list[str]]]:
        rows, values, lines = self.terms.of("is_a")
        subjects = self.terms.ids.take(pa.array(rows))
        if np.asarray(pc.match_substring(values, "{").fill_null(False)).any():
            return self._qualified_subclasses()
        parents = pc.struct_field(pc.extract_regex(values, _TARGET), "id")
        if parents.null_count:
            odd = [parse_words(text).text for text in values.to_pylist()]
            parents = pa.array(odd, pa.string())
        parents = spell_column(pc.cast(parents, pa.string()))
        keep, merged, rejected = self._good_parents(subjects, parents, values, lines)
        ends = (subjects.to_pylist(), parents.to_pylist())
        if merged or rejected:
            part = pa.array(keep)
            subjects, parents, lines = subjects.filter(part), parents.filter(part), lines[keep]
        self.tallies.append(Tally("is_a links", len(rows), len(subjects), merged, rejected))
        return subclass_table(subjects, parents, lines), ends

    def _good_parents(
        self,
        subjects: pa.Array,
        parents: pa.Array,
        values: pa.Array,
        lines: np.ndarray[tuple[int], np.dtype[np.int64]],
    ) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], int, int]:
        """Return which links are statements, how many only say a category, how many are bad."""
        good = np.asarray(parents.is_valid())
        for at in np.flatnonzero(~good).tolist():
            detail = f"is_a of {subjects[at]}: not an identifier: {values[at].as_py()[:60]!r}"
            self.rejections.add(f"{self.file}:{lines[at]}", "bad_identifier", detail)
        foreign = self._foreign_tops()
        if not len(foreign):
            return good, 0, int((~good).sum())
        only_kind = good & np.asarray(pc.is_in(parents, foreign))
        return good & ~only_kind, int(only_kind.sum()), int((~good).sum())

    def _foreign_tops(self) -> pa.Array:
        """Return the tops of branches that have no stanza: a link to one says the category."""
        tops = pa.array(self.tops, pa.string())
        return tops.filter(pc.invert(pc.is_in(tops, self.terms.ids)))

    def _qualified_subclasses(self) -> tuple[pa.Table, tuple[list[str], list[str]]]:
        links = self._collect("is_a", "is_a links", "")
        reader = LinkReader(self.file, self.relations, self.rejections)
        table, tally = reader.read(links)
        self.tallies.append(tally)
        return table, (table["subject"].to_pylist(), table["object"].to_pylist())

    # ---- all other links, one by one -------------------------------------------------------

    def _collect(self, tag: str, unit: str, prefix: str) -> Links:
        """Return the clauses of one tag as links; reject those that cannot be one."""
        links = Links(unit, prefix=prefix)
        rows, values, lines = self.terms.of(tag)
        ids = self.terms.ids.to_pylist()
        for row, value, line in zip(rows.tolist(), values.to_pylist(), lines.tolist(), strict=True):
            text, qualifiers = parse_words(value)
            words = text.split()
            relation = words[0] if len(words) > 1 else SUBCLASS
            expected = {"relationship": (2,), "intersection_of": (1, 2)}.get(tag, (1,))
            problem = ""
            if len(words) not in expected:
                problem = f"expected {'a relation and a term' if 2 in expected else 'a term'}"
                self._reject(links, line, "bad_link", f"{tag}: {problem}, found {value[:60]!r}")
            elif taxon := self._other_taxon(qualifiers):
                detail = f"{ids[row]} {text}: holds in {taxon} only"
                self._reject(links, line, "other_taxon", detail)
            else:
                ends = (words[-1], ids[row]) if tag == "union_of" else (ids[row], words[-1])
                if any(q.key in _NONE_OF and q.value == "0" for q in qualifiers):
                    links.negated.add(len(links))
                links.add(ends[0], relation, ends[1], line, _modifier(qualifiers))
        return links

    def _reject(self, links: Links, line: int, code: str, detail: str) -> None:
        links.rejected += 1
        self.rejections.add(f"{self.file}:{line}", code, detail)

    def _other_taxon(self, qualifiers: tuple[Qualifier, ...]) -> str:
        """Return the taxon that a link is bound to, where the manifest does not list it."""
        for key, value in qualifiers:
            bound = key == "gci_filler" and value.startswith("NCBITaxon:")
            if bound and self.taxa and value not in self.taxa:
                return value
        return ""


def _modifier(qualifiers: tuple[Qualifier, ...]) -> str:
    return "; ".join(f"{key}={value}" for key, value in qualifiers)


def _relations(document: OboDocument, own: Mapping[str, str]) -> Relations:
    """Return the relations of a document, with the labels and wider ones of its typedefs."""
    stanzas = document.stanzas
    rows = np.flatnonzero(np.asarray(pc.equal(stanzas["type"], "Typedef")))
    if not len(rows):
        return Relations(own)
    ids = {row: stanzas["id"][row].as_py() for row in rows.tolist()}
    clauses = document.clauses
    part = clauses.filter(pc.is_in(clauses["stanza"], pa.array(rows.astype(np.int32))))
    labels: dict[str, str] = {}
    wider: dict[str, list[str]] = {}
    for owner, tag, value in zip(
        *(part[name].to_pylist() for name in ("stanza", "tag", "value")), strict=True
    ):
        if owner == HEADER:
            continue
        if tag == "name":
            labels.setdefault(ids[owner], parse_words(value).text)
        elif tag in ("is_a", "xref"):  # an xref names the same relation by its id
            wider.setdefault(ids[owner], []).append(parse_words(value).text)
    return Relations(own, labels, wider)
