"""Ontologies in OBO format, such as the Human Phenotype Ontology or UBERON; see `obo_format`.

Terms become entities, ``is_a`` lines become ``subclass_of`` statements, relationships and logical
definitions those of `relations`, cross-references mappings. What differs between ontologies stands
in their manifests:

    category, own, [categories], [namespaces], [prefixes]      see `categories`
    [predicates]                                               see `relations`
    [xrefs]                                                    see `mappings`; absent: not read
    [same]                                                     see `obo_same`; absent: not read
    [subsets]                                                  see `subsets`; absent: not read
    taxa = ["NCBITaxon:9606", …]    links that hold in another taxon only are left out

Ids that are obsolete are no entities and remain resolvable only where exactly one ``replaced_by``
names a living term.
"""

from collections.abc import Mapping

import pyarrow as pa

from kgsynth.sources.base import (
    FLAGS,
    MAPPINGS,
    SIGNALS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
)
from kgsynth.sources.categories import categories
from kgsynth.sources.obo_format import OboDocument, read_obo
from kgsynth.sources.obo_links import OboLinks
from kgsynth.sources.obo_same import same_elsewhere
from kgsynth.sources.obo_terms import Terms
from kgsynth.sources.obo_values import parse_words
from kgsynth.sources.obo_xrefs import mappings, marks
from kgsynth.sources.subsets import subset_marks


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one OBO file; see `base.Loader`."""
    source = files[0]
    settings = manifest.settings
    rejections = Rejections()
    document = read_obo(source, rejections)
    broken = sum(code != "no_clause" for code in rejections.codes)
    terms = Terms(document, source, rejections)
    links = OboLinks(terms, settings)
    statements, parents = links.statements()
    entities = terms.entities(
        categories(terms.ids, parents, _namespaces(terms, settings), settings)
    )
    same = same_elsewhere(terms, settings)
    mapped, mapping_tallies = _mappings(terms, settings)
    flags, signals, mark_tallies = _marks(terms, settings)
    replaced = terms.replacements()
    merged = sum(len(ids) == 1 for ids in replaced.values()) + int(terms.id_only.sum())
    return SourceData(
        version=_version(document) or manifest.version,
        files=files,
        entities=entities,
        statements=_with_same(statements, same),
        mappings=mapped,
        flags=flags,
        signals=signals,
        replaced=replaced,
        rejections=rejections,
        tallies=(
            Tally("terms", terms.read + broken, len(entities), merged, broken + terms.lost),
            *links.tallies,
            *([Tally("shared references", len(same), len(same))] if len(same) else []),
            *mapping_tallies,
            *mark_tallies,
        ),
    )


def _with_same(statements: pa.Table, same: pa.Table) -> pa.Table:
    if not len(same):
        return statements
    return pa.concat_tables((statements, same.cast(statements.schema)))


def _version(document: OboDocument) -> str:
    """Return the date in ``data-version: hp/releases/2025-01-16``, or the whole value."""
    parts = document.header("data-version").split("/")
    dated = [part for part in parts if part[:4].isdigit() and part[4:5] == "-"]
    return dated[-1] if dated else parts[-1]


def _namespaces(terms: Terms, settings: Mapping[str, object]) -> dict[str, str]:
    if "namespaces" not in settings:
        return {}
    rows, values, _ = terms.of("namespace")
    ids = terms.ids.take(pa.array(rows)).to_pylist()
    return {
        curie: parse_words(value).text for curie, value in zip(ids, values.to_pylist(), strict=True)
    }


def _mappings(terms: Terms, settings: Mapping[str, object]) -> tuple[pa.Table, list[Tally]]:
    if "xrefs" not in settings:
        return MAPPINGS.empty_table(), []
    found = mappings(terms, settings["xrefs"])  # type: ignore[arg-type]
    return found.table(), found.tallies


def _marks(
    terms: Terms, settings: Mapping[str, object]
) -> tuple[pa.Table, pa.Table, tuple[Tally, ...]]:
    if "subsets" not in settings:
        return FLAGS.empty_table(), SIGNALS.empty_table(), ()
    own: Mapping[str, object] = settings["subsets"]  # type: ignore[assignment]
    found = subset_marks(marks(terms), terms.source.file, own, terms.rejections)
    return found[0], found[1], (found[2],)
