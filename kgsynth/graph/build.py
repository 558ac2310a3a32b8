"""Stage 2: what the sources say becomes one graph.

    sources → identity → statements → edges → judgements → nodes → tables

Every step works on whole columns; nothing here reads or writes a file.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph import rarity
from kgsynth.graph.closure import Hierarchy, at_or_above
from kgsynth.graph.columns import Bool, Int32, Int64, encode
from kgsynth.graph.contested import Findings, information_content, judge
from kgsynth.graph.counts import counts
from kgsynth.graph.fitness import unfit_reasons
from kgsynth.graph.gather import gather
from kgsynth.graph.grain import UNFIT
from kgsynth.graph.identity import Identity, resolve
from kgsynth.graph.leads import add_subclasses, leading
from kgsynth.graph.lexicon import COLUMNS
from kgsynth.graph.load import Loaded, Progress, load_sources
from kgsynth.graph.machine import WORDS, machine_made
from kgsynth.graph.merges import merge_table
from kgsynth.graph.names import add_names
from kgsynth.graph.nodes import Descriptions, describe, node_columns
from kgsynth.graph.rarity_signals import rarity_scores
from kgsynth.graph.tables import edge_table
from kgsynth.graph.twins import AUTHORITIES
from kgsynth.graph.unite import contradicted, unite
from kgsynth.graph.work import Work
from kgsynth.phrasing import mid_sentence
from kgsynth.sources.base import STATEMENTS, Credit, Rejections
from kgsynth.sources.orphanet_prevalence import PREFIX as PREVALENCES
from kgsynth.spoken import spoken

__all__ = ["Graph", "Loaded", "build", "load_sources"]


#: Takes the name of a part of the graph, and the part.
OnPart = Callable[[str, pa.Table], None]

#: What HPO records of a disease, judged over its hierarchy: a term denied denies what is below it.
_FINDINGS = ("has_phenotype", "has_mode_of_inheritance", "has_attribute")

#: How the judged columns are made, for the manifest.
_RECIPES: dict[str, Any] = {
    "leading_id": list(AUTHORITIES),
    "merge": "exact mappings, one step, never two ids of one authority; of several claims that "
    "of the only described id, else of the only one of the same name; genes of two authorities "
    "with one symbol where no source maps them otherwise; see merges.parquet",
    "unfit": sorted(UNFIT),
    "frequency": "counts n/m are summed where every given frequency is one; else the frequency, "
    "as given, of the evidence that allows the lowest share of patients",
    "frequency_low": "the lowest share of patients that any evidence allows",
    "information_content": "-log2 of the share of diseases with a positive edge that lie under "
    "the term, by closure over subclass_of",
    "contested": "asserted and denied: an assertion at or under a denied term; or proposed by a "
    f"machine only: every evidence code ends with {' or '.join(WORDS)}",
    "redundant": "the disease has an uncontested descendant of the term",
    "weak": "every evidence of the denial is 0/1 or 0/2",
}


@dataclass
class Graph:
    """A graph before it is written.

    Attributes:
        nodes: The node table, sorted by id.
        edges: The edge table, sorted by subject, predicate, object, negated.
        sources: What it was made from.
        counts: What the manifest and the summary say.
        rejections: What did not go on, by stage.
        settings: The recipes behind the columns.
        merges: Who says which ids are the same, and what became of it; see `merges`.
        translations: Names in other languages, where a source has any; see `names`.
    """

    nodes: pa.Table
    edges: pa.Table
    sources: dict[str, Loaded]
    counts: dict[str, Any]
    rejections: dict[str, Rejections]
    settings: dict[str, Any] = field(default_factory=dict)
    merges: pa.Table | None = None
    translations: pa.Table | None = None


def build(
    sources: dict[str, Loaded],
    on_progress: Progress = lambda stage: None,
    lead: Mapping[str, Sequence[str]] | None = None,
    on_part: OnPart = lambda name, part: None,
    *,
    use_up: bool = False,
) -> Graph:
    """Return the graph of what the sources say.

    Args:
        sources: From `load_sources`; at least one has entities.
        on_progress: Called with a few words before each step.
        lead: Category to the authorities whose ids lead its entities, best first; before those
            that manifests name and the order of `twins.AUTHORITIES`.
        on_part: Called with ``names`` (ids and spellings of the nodes) and ``edges`` as soon as
            each is final, so that it can be written while the rest is still computed.
        use_up: Take the statements out of `sources` once they are joined: they would be a
            gigabyte of twelve million edges' memory to the end.
    """
    said = {name: one.data for name, one in sources.items()}
    rejections = Rejections()
    on_progress("merging twins")
    leads = leading(sources, lead or {})
    identity = resolve(said, rejections, leads)
    add_subclasses(sources, said, identity)
    described = describe(said, identity)
    _know_leaders(identity, described)
    columns = node_columns(described, identity)
    translations = add_names(said, identity, described, columns, rejections)
    on_part("names", pa.table({name: columns[name] for name in ("id", *COLUMNS)}))
    with ThreadPoolExecutor(1) as pool:
        phrases = pool.submit(_phrases, columns)  # words are spelled while numbers are crunched
        on_progress("joining statements")
        kinds = _categories(columns["category"], described, len(identity.ids))
        excerpts = {name for name, one in sources.items() if one.manifest.settings.get("excerpt")}
        statements = gather(said, identity, kinds, _credits(sources), rejections, excerpts)
        if use_up:
            said.clear()
            for one in sources.values():
                one.data = replace(one.data, statements=STATEMENTS.empty_table())
        edges = unite(statements)
        work = Work(sources, identity, described, columns, kinds, statements, edges)
        on_progress("judging findings")
        findings, rows, hierarchy = _judge(work)
        table = edge_table(statements, edges, columns["id"], work.node_of)
        edges.forget_repetitions()
        doubted = machine_made(statements, edges)
        table = _with_judgements(table, doubted | contradicted(edges), findings, rows)
        on_part("edges", table)
        columns["phrase"] = phrases.result()
    on_progress("describing nodes")
    disputed = table["contested"].to_numpy()
    nodes, scored = _node_table(work, findings, rows, hierarchy, disputed)
    parts = {"sources": _source_rejections(sources), "graph": rejections}
    summary = counts(work, nodes, table, findings)
    recipes = {**_RECIPES, "leading_id_by_category": leads, "rarity": scored}
    merges = merge_table(identity, {name: one.version for name, one in sources.items()})
    return Graph(nodes, table, sources, summary, parts, recipes, merges, translations)


def _know_leaders(identity: Identity, described: Descriptions) -> None:
    identity.known[:] = False
    identity.known[described.codes] = True


def _source_rejections(sources: Mapping[str, Loaded]) -> Rejections:
    every = Rejections()
    for one in sources.values():
        every.places += one.data.rejections.places
        every.codes += one.data.rejections.codes
        every.details += one.data.rejections.details
    return every


def _categories(category: pa.Array, described: Descriptions, size: int) -> tuple[Int32, list[str]]:
    codes, names = encode([category])
    kinds = np.full(size, -1, dtype=np.int32)
    kinds[described.codes] = codes
    return kinds, names.to_pylist()


def _judge(work: Work) -> tuple[Findings, Int64, Hierarchy]:
    """Judge every edge from a disease to a finding; return the edge rows and the hierarchy."""
    is_a = work.is_predicate("subclass_of") & ~work.is_kind(work.edges.subject, "Disease")
    found_in = np.logical_or.reduce([work.is_predicate(name) for name in _FINDINGS])
    rows = np.flatnonzero(found_in & work.is_kind(work.edges.subject, "Disease"))
    # How frequent a disease is says nothing of its patients, and makes none an annotated disease.
    classes = np.asarray(pc.starts_with(work.columns["id"], f"{PREVALENCES}:"))
    rows = rows[~classes[work.node_of(work.edges.object[rows])]]
    objects = work.edges.object[rows]
    children, parents = work.edges.subject[is_a], work.edges.object[is_a]
    # In a large graph most terms have no disease under them: a row of bits less for each.
    used = at_or_above(children, parents, objects)
    hierarchy = Hierarchy(children[used], parents[used], objects)
    found = judge(work.edges.subject[rows], objects, work.edges.negated[rows], hierarchy)
    return found, rows, hierarchy


def _credits(sources: Mapping[str, Loaded]) -> dict[str, Credit]:
    """Return how each source is named in the evidence of what it says itself."""
    return {name: Credit(name, one.version, one.manifest.license) for name, one in sources.items()}


def _with_judgements(table: pa.Table, contested: Bool, findings: Findings, rows: Int64) -> pa.Table:
    """Fill the columns ``contested`` and ``redundant``, which `edge_table` leaves false."""
    redundant = np.zeros(len(table), dtype=np.bool_)
    contested[rows] |= findings.contested
    redundant[rows] = findings.redundant
    for name, column in (("contested", contested), ("redundant", redundant)):
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(column))
    return table


def _node_table(
    work: Work, findings: Findings, rows: Int64, hierarchy: Hierarchy, contested: Bool
) -> tuple[pa.Table, dict[str, object]]:
    """Return the node table with grain, weight, rarity and phrases; and the recipe of rarity."""
    size = len(work.described.codes)
    unfit = unfit_reasons(work)
    bits = np.full(size, np.nan)
    bits[work.node_of(hierarchy.terms)] = information_content(
        findings.diseases_under, max(1, findings.annotated)
    )
    score, called_rare, scored = rarity_scores(work, rows, bits, findings.annotated, contested)
    columns = work.columns
    table = pa.table(
        {
            "id": columns["id"],
            "name": columns["name"],
            "category": columns["category"],
            "synonyms": columns["synonyms"],
            "equivalent_ids": columns["equivalent_ids"],
            "is_group": pa.array([bool(own) for own in unfit]),
            "rarity_score": _nullable(score),
            "called_rare": pa.array(called_rare),
            "information_content": _nullable(bits),
            "phrase": columns["phrase"],
            "lay": columns["lay"],
            "unfit": pa.array(unfit, pa.list_(pa.string())),
            "alt_ids": columns["alt_ids"],
            "related_synonyms": columns["related_synonyms"],
            "definition": columns["definition"],
            "sources": columns["sources"],
        }
    )
    return table, scored


def _phrases(columns: Mapping[str, pa.Array]) -> pa.Array:
    """Return the names as they stand inside a sentence; symbols of genes as they are."""
    names = columns["name"].to_pylist()
    classes = np.asarray(pc.starts_with(columns["id"], f"{PREVALENCES}:"))
    for row in np.flatnonzero(classes).tolist():  # their names are of our own making
        names[row] = names[row][0].lower() + names[row][1:]
    others = np.asarray(pc.not_equal(columns["category"], "Gene")) & ~classes
    words = np.flatnonzero(others).tolist()
    phrases = mid_sentence([names[row] for row in words], columns["definition"].to_pylist())
    finding = np.asarray(pc.equal(columns["category"], "PhenotypicFeature"))
    for row, phrase in zip(words, phrases, strict=True):
        names[row] = spoken(phrase) if finding[row] else phrase
    return pa.array(names, pa.string())


def _nullable(values: rarity.Floats) -> pa.Array:
    return pa.array(values.astype(np.float32), mask=np.isnan(values))
