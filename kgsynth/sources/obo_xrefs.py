"""What the terms of an OBO document are elsewhere, and which subsets they are in."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.identifiers import normalize_curie
from kgsynth.sources.curie_columns import spell_values
from kgsynth.sources.mappings import EXACT, MATCHES, QUALIFIED, Mappings
from kgsynth.sources.obo_terms import Terms
from kgsynth.sources.obo_values import parse_words, parse_xref

_MATCH = (
    r"^(?:skos:|http://www\.w3\.org/2004/02/skos/core#)(?P<match>[a-z]+Match)\s+"
    r'"?(?P<id>[^"\s]+)"?(?:\s.*)?$'
)
_XREF = r"^(?P<id>[^\s{!\\\"]+)$"


def mappings(terms: Terms, settings: Mapping[str, object]) -> Mappings:
    """Return the mappings of a document, strongest kind first.

    Args:
        terms: Of the document.
        settings: The manifest's ``[xrefs]``.
    """
    found = Mappings(terms.source.file, settings, terms.rejections)
    _equivalents(terms, found)
    _matches(terms, found)
    _xrefs(terms, found)
    return found


def _equivalents(terms: Terms, found: Mappings) -> None:
    if not terms.document.has("equivalent_to"):
        return
    ids, values, lines, id_only = terms.of_living("equivalent_to")
    subjects = ids.to_pylist()
    objects = [parse_words(value).text for value in values.to_pylist()]
    # A stanza that describes nothing is no term of the file's own: both its ends must be known.
    strangers = [one for one, only in zip(subjects, id_only.tolist(), strict=True) if only]
    _, junk = spell_values(strangers, normalize_curie)
    for at, subject in enumerate(subjects):
        if subject in junk:
            subjects[at], objects[at] = objects[at], subject
    found.add(
        *("equivalents", subjects, objects, [EXACT] * len(subjects), lines.tolist()),
        justification="owl:equivalentClass",
    )


def _matches(terms: Terms, found: Mappings) -> None:
    if not terms.document.has("property_value"):
        return
    ids, values, lines, _ = terms.of_living("property_value")
    fields = pc.extract_regex(values, _MATCH)
    good = np.asarray(fields.is_valid())
    if not good.any():
        return
    part = pa.array(good)
    fields = fields.filter(part)
    kinds = [MATCHES.get(one) for one in pc.struct_field(fields, "match").to_pylist()]
    objects = [one.replace("\\", "") for one in pc.struct_field(fields, "id").to_pylist()]
    found.add("matches", ids.filter(part).to_pylist(), objects, kinds, lines[good].tolist())


def _xrefs(terms: Terms, found: Mappings) -> None:
    if not terms.document.has("xref"):
        return
    ids, values, lines, _ = terms.of_living("xref")
    plain = pc.struct_field(pc.extract_regex(values, _XREF), "id").to_pylist()
    texts = values.to_pylist()
    kinds: list[str | None] = [None] * len(plain)
    for at, text in enumerate(plain):
        if text is None:  # a description, qualifiers or escapes
            plain[at], kinds[at] = _with_qualifiers(texts[at])
    found.add(
        *("xrefs", ids.to_pylist(), plain, kinds, lines.tolist()),
        justification="oboInOwl:hasDbXref",
    )


def _with_qualifiers(value: str) -> tuple[str, str | None]:
    try:
        xref, qualifiers = parse_xref(value)
    except ValueError:
        return value, None
    said = [QUALIFIED[one.value] for one in qualifiers if one.value in QUALIFIED]
    return xref.id, EXACT if EXACT in said else next(iter(said), None)


def marks(terms: Terms) -> list[tuple[str, str, int]]:
    """Return the subsets of the terms: term, subset, line."""
    rows, values, lines = terms.of("subset")
    ids = terms.ids.take(pa.array(rows)).to_pylist()
    names = [parse_words(value).text for value in values.to_pylist()]
    return list(zip(ids, names, lines.tolist(), strict=True))
