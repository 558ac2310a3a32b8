"""Stage 2: what the sources say becomes one graph.

    sources → identity → statements → edges → judgements → nodes → tables

Every step works on whole columns; nothing here reads or writes a file but `load_sources`.
"""

import importlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.errors import SourceError, UsageError
from kgsynth.graph import rarity
from kgsynth.graph.closure import Hierarchy
from kgsynth.graph.columns import Bool, Int32, Int64, encode, find
from kgsynth.graph.contested import Findings, information_content, judge
from kgsynth.graph.grain import SOMATIC, reasons, root_terms
from kgsynth.graph.identity import Identity, resolve
from kgsynth.graph.nodes import Descriptions, describe, node_columns
from kgsynth.graph.tables import edge_table
from kgsynth.graph.unite import Edges, Statements, gather, unite
from kgsynth.phrasing import mid_sentence
from kgsynth.sources import SOURCES
from kgsynth.sources.base import Loader, Manifest, Rejections, SourceData
from kgsynth.sources.files import locate, read_file, read_manifest

Progress = Callable[[str], None]


@dataclass
class Loaded:
    """One source, read."""

    manifest: Manifest
    data: SourceData
    places: tuple[str, ...]

    @property
    def version(self) -> str:
        """The source's version, spelled so that no reader of JSON takes it for a date.

        Arrow turns a column of bare ISO dates into timestamps, and a dataset would then have
        another type for ten rows than for a thousand: ``2025-01-16`` becomes ``v2025-01-16``.
        """
        version = self.data.version
        return f"v{version}" if version[:1].isdigit() else version


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
    """

    nodes: pa.Table
    edges: pa.Table
    sources: dict[str, Loaded]
    counts: dict[str, Any]
    rejections: dict[str, Rejections]
    settings: dict[str, Any] = field(default_factory=dict)


def load_sources(
    overrides: Mapping[str, Path], on_progress: Progress = lambda stage: None
) -> dict[str, Loaded]:
    """Read every registered source whose files are there.

    Args:
        overrides: Name of a source to the file to read in place of its own.
        on_progress: Called with a few words before each step.

    Raises:
        UsageError: If an override names no source, or one that is made of several files.
        SourceError: If a file cannot be read.
    """
    unknown = sorted(set(overrides) - set(SOURCES))
    if unknown:
        raise UsageError(f"unknown source {unknown[0]!r}; known: {', '.join(sorted(SOURCES))}")
    loaded = {}
    for name, target in SOURCES.items():
        manifest = read_manifest(name)
        if name in overrides:
            if len(manifest.files) > 1:
                raise UsageError(
                    f"source {name!r} is made of {len(manifest.files)} files and cannot be "
                    "replaced by one"
                )
            files, places = [overrides[name]], (str(overrides[name]),)
        else:
            found = [locate(place) for place in manifest.files]
            files, places = [file for file in found if file is not None], manifest.files
            if len(files) < len(found):
                missing = places[found.index(None)]
                raise SourceError(
                    f"source {name!r}: {missing} is missing; install kgsynth again, or give the "
                    f"file with --source {name}=PATH"
                )
        on_progress(f"reading {name}")
        data = _loader(target)(tuple(read_file(file) for file in files), manifest)
        loaded[name] = Loaded(manifest, data, places)
    return loaded


def _loader(target: str) -> Loader:
    module, _, name = target.partition(":")
    loader: Loader = getattr(importlib.import_module(module), name)
    return loader


def build(sources: dict[str, Loaded], on_progress: Progress = lambda stage: None) -> Graph:
    """Return the graph of what the sources say.

    Args:
        sources: From `load_sources`; at least one has entities.
        on_progress: Called with a few words before each step.
    """
    said = {name: one.data for name, one in sources.items()}
    rejections = Rejections()
    on_progress("merging twins")
    identity = resolve(said, rejections)
    described = describe(said, identity)
    _know_leaders(identity, described)
    columns = node_columns(described, identity)
    on_progress("joining statements")
    kinds = _categories(columns["category"], described, len(identity.ids))
    statements = gather(said, identity, kinds, rejections)
    edges = unite(statements)
    on_progress("judging findings")
    work = _Work(sources, identity, described, columns, kinds, statements, edges)
    findings, rows, hierarchy = work.judge()
    table = edge_table(work.evidence_facts(), statements, edges, columns["id"], work.node_of)
    contested = np.zeros(len(edges), dtype=np.bool_)
    redundant = contested.copy()
    contested[rows], redundant[rows] = findings.contested, findings.redundant
    table = table.set_column(6, "contested", pa.array(contested))
    table = table.set_column(7, "redundant", pa.array(redundant))
    on_progress("describing nodes")
    nodes = work.node_table(findings, rows, hierarchy)
    counts = work.counts(nodes, table, findings)
    parts = {"sources": _source_rejections(sources), "graph": rejections}
    return Graph(nodes, table, sources, counts, parts, {"rarity": rarity.recipe()})


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


@dataclass
class _Work:
    """What the later steps of `build` look at together."""

    sources: dict[str, Loaded]
    identity: Identity
    described: Descriptions
    columns: dict[str, pa.Array]
    kinds: tuple[Int32, list[str]]
    statements: Statements
    edges: Edges

    def node_of(self, codes: Int64) -> Int64:
        """Return the rows of the node table of leading ids."""
        return np.searchsorted(self.described.codes, codes)

    def _is(self, predicate: str) -> Bool:
        names = self.statements.predicates
        number = names.index(predicate) if predicate in names else -1
        return self.edges.predicate == number

    def _of_kind(self, codes: Int64, kind: str) -> Bool:
        kinds, names = self.kinds
        return kinds[codes] == (names.index(kind) if kind in names else -2)

    def judge(self) -> tuple[Findings, Int64, Hierarchy]:
        """Judge every edge from a disease to a term; return the edge rows and the hierarchy."""
        is_a = self._is("subclass_of") & ~self._of_kind(self.edges.subject, "Disease")
        rows = np.flatnonzero(
            self._of_kind(self.edges.subject, "Disease")
            & ~self._of_kind(self.edges.object, "Disease")
        )
        objects = self.edges.object[rows]
        hierarchy = Hierarchy(self.edges.subject[is_a], self.edges.object[is_a], objects)
        found = judge(self.edges.subject[rows], objects, self.edges.negated[rows], hierarchy)
        return found, rows, hierarchy

    def evidence_facts(self) -> dict[str, tuple[str, str]]:
        """Return version and license of each source."""
        return {name: (one.version, one.manifest.license) for name, one in self.sources.items()}

    def node_table(self, findings: Findings, rows: Int64, hierarchy: Hierarchy) -> pa.Table:
        """Return the node table with grain, weight, rarity and phrases."""
        size = len(self.described.codes)
        unfit = self._unfit()
        bits = np.full(size, np.nan)
        bits[self.node_of(hierarchy.terms)] = information_content(
            findings.diseases_under, max(1, findings.annotated)
        )
        score = self._rarity(rows, bits, findings.annotated)
        columns = self.columns
        names = columns["name"].to_pylist()
        return pa.table(
            {
                "id": columns["id"],
                "name": columns["name"],
                "category": columns["category"],
                "synonyms": columns["synonyms"],
                "equivalent_ids": columns["equivalent_ids"],
                "is_group": pa.array([bool(own) for own in unfit]),
                "rarity_score": _nullable(score),
                "information_content": _nullable(bits),
                "phrase": pa.array(self._phrases(names), pa.string()),
                "lay": columns["lay"],
                "unfit": pa.array(unfit, pa.list_(pa.string())),
                "alt_ids": columns["alt_ids"],
                "related_synonyms": columns["related_synonyms"],
                "definition": columns["definition"],
                "sources": columns["sources"],
            }
        )

    def _phrases(self, names: list[str]) -> list[str]:
        """Return the names as they stand inside a sentence; symbols of genes as they are."""
        kinds, kind_names = self.kinds
        gene = kind_names.index("Gene") if "Gene" in kind_names else -2
        words = np.flatnonzero(kinds[self.described.codes] != gene).tolist()
        corpus = self.columns["definition"].to_pylist()
        phrases = mid_sentence([names[row] for row in words], corpus)
        out = list(names)
        for row, phrase in zip(words, phrases, strict=True):
            out[row] = phrase
        return out

    # ---- grain -----------------------------------------------------------------------------

    def _unfit(self) -> list[tuple[str, ...]]:
        """Return why each node is unfit as an answer, in the order of the nodes."""
        ids: list[str] = self.columns["id"].to_pylist()
        flags = [
            (ids[row], flag)
            for one in self.sources.values()
            for row, flag in zip(
                self._nodes(one.data.flags["entity"]),
                one.data.flags["flag"].to_pylist(),
                strict=True,
            )
            if row >= 0
        ]
        # Ids that a source calls the same as something else, and that could not be merged: they
        # would stand beside their own twin as "another disease".
        leads = self.identity.target[np.unique(np.array(self.identity.refused, dtype=np.int64))]
        rows = self.node_of(leads[self.identity.known[leads]]).tolist()
        flags += [(ids[row], "unmerged") for row in rows]
        names = self.columns["name"].to_pylist()
        flags += [
            (curie, "unnamed") for curie, name in zip(ids, names, strict=True) if name == curie
        ]
        found = reasons(flags, self._main_names(ids), self._somatic(ids), self._roots(ids))
        return [found.get(curie, ()) for curie in ids]

    def _nodes(self, column: pa.ChunkedArray) -> list[int]:
        """Return the node rows of ids; -1 for those that are no node."""
        codes = find(column, self.identity.ids)
        leads = self.identity.target[codes]
        rows = np.where((codes >= 0) & self.identity.known[leads], self.node_of(leads), -1)
        found: list[int] = rows.tolist()
        return found

    def _main_names(self, ids: list[str]) -> dict[str, list[str]]:
        """Return the names that the sources give each disease as its main one."""
        table = self.described.table
        wanted = np.flatnonzero(
            np.asarray(
                pc.match_substring_regex(
                    pc.fill_null(table["name"].combine_chunks(), ""),
                    r"suscept|predispos|modif|^\{|^\[",
                    ignore_case=True,
                )
            )
            & self._of_kind(self.described.codes[self.described.node], "Disease")
        )
        found: dict[str, list[str]] = {}
        texts = table["name"].take(pa.array(wanted)).to_pylist()
        for row, text in zip(self.described.node[wanted].tolist(), texts, strict=True):
            found.setdefault(ids[row], []).append(text)
        return found

    def _somatic(self, ids: list[str]) -> list[str]:
        codes = find(pa.array(list(SOMATIC)), self.identity.ids)
        rows = self._is("has_mode_of_inheritance") & np.isin(self.edges.object, codes)
        return [ids[row] for row in self.node_of(self.edges.subject[rows & ~self.edges.negated])]

    def _roots(self, ids: list[str]) -> list[str]:
        is_a = self._is("subclass_of")
        parents = self.node_of(self.edges.object[is_a]).tolist()
        below: dict[str, list[str]] = {}
        for child, parent in zip(
            self.node_of(self.edges.subject[is_a]).tolist(), parents, strict=True
        ):
            below.setdefault(ids[parent], []).append(ids[child])
        return [
            term
            for one in self.sources.values()
            for term in root_terms(one.manifest.settings, below)
        ]

    # ---- rarity ----------------------------------------------------------------------------

    def _rarity(self, rows: Int64, bits: rarity.Floats, annotated: int) -> rarity.Floats:
        size = len(self.described.codes)
        signals = {name: np.full(size, np.nan) for name in ("prevalence", "rare_subset")}
        for one in self.sources.values():
            given = one.data.signals
            nodes = np.array(self._nodes(given["entity"]), dtype=np.int64)
            names = np.array(given["signal"].to_pylist(), dtype=object)
            values = given["value"].to_numpy()
            for name, column in signals.items():
                chosen = (names == name) & (nodes >= 0)
                # Twin records may have a class each: the rarer one, whatever their order.
                np.fmax.at(column, nodes[chosen], values[chosen])
        signals |= self._counted(rows, size)
        disease = self._of_kind(self.described.codes, "Disease")
        score = np.where(disease, rarity.scores(signals), np.nan)
        if annotated > 1:
            score = np.where(np.isnan(bits), score, np.clip(bits / np.log2(annotated), 0, 1))
        return score

    def _counted(self, rows: Int64, size: int) -> dict[str, rarity.Floats]:
        """Return the signals that are counted from the statements about a disease."""
        positive = rows[~self.edges.negated[rows]]
        owner = np.repeat(np.arange(len(self.edges)), np.diff(self.edges.start))
        mine = np.isin(owner, rows)
        order, owner = self.edges.order[mine], owner[mine]
        examined = np.maximum(self.statements.numbers["examined"][order], 0).astype(np.int64)
        per_edge = np.bincount(owner, examined, minlength=len(self.edges)).astype(np.int64)
        patients = np.zeros(size, dtype=np.int64)
        np.maximum.at(patients, self.node_of(self.edges.subject[rows]), per_edge[rows])
        codes, words = self.statements.texts["reference"]
        is_paper = np.asarray(pc.match_substring_regex(words, "^(PMID|ISBN|DOI)"))
        papers = is_paper[codes[order]]
        nodes = self.node_of(self.edges.subject[owner[papers]])
        keys = np.unique(nodes * len(words) + codes[order][papers])
        return {
            "patients": rarity.few(patients),
            "publications": rarity.few(np.bincount(keys // len(words), minlength=size)),
            "degree": rarity.few(
                np.bincount(self.node_of(self.edges.subject[positive]), minlength=size)
            ),
        }

    # ---- counts ----------------------------------------------------------------------------

    def counts(self, nodes: pa.Table, edges: pa.Table, findings: Findings) -> dict[str, Any]:
        """Return what the summary and the manifest say of the graph."""
        reasons_ = Counter(one for own in nodes["unfit"].to_pylist() for one in own)
        phenotypes = self._is("has_phenotype") & ~self.edges.negated
        redundant = edges["redundant"].to_numpy()
        evidence = len(self.edges.order)
        return {
            "nodes": len(nodes),
            "edges": len(edges),
            "evidence": evidence,
            "by_category": _tally(nodes["category"]),
            "by_predicate": _tally(edges["predicate"].filter(pc.invert(edges["negated"]))),
            "denials_by_predicate": _tally(edges["predicate"].filter(edges["negated"])),
            "weak_denials": int(pc.sum(edges["weak"]).as_py() or 0),
            "merges": dict(sorted(self.identity.merges.items())),
            "merges_refused": len(self.identity.refused),
            "annotated_diseases": findings.annotated,
            "contested_pairs_exact": findings.exact_pairs,
            "contested_pairs_by_closure": findings.closure_pairs,
            "contested_edges": int(findings.contested.sum()),
            "redundant_edges": int(redundant.sum()),
            "redundant_share": round(float(redundant[phenotypes].mean()), 4)
            if phenotypes.any()
            else 0.0,
            "unfit": sum(nodes["is_group"].to_pylist()),
            "unfit_by_reason": dict(sorted(reasons_.items())),
            "statements": {
                "read": sum(len(one.data.statements) for one in self.sources.values()),
                "edges": len(edges),
                "merged": len(self.statements) - len(edges),
                "rejected": sum(len(one.data.statements) for one in self.sources.values())
                - len(self.statements),
            },
            "sources": {
                name: [
                    {
                        "unit": tally.unit,
                        "read": tally.read,
                        "loaded": tally.loaded,
                        "merged": tally.merged,
                        "rejected": tally.rejected,
                    }
                    for tally in one.data.tallies
                ]
                for name, one in self.sources.items()
            },
            "hubs": self._hubs(nodes),
        }

    def _hubs(self, nodes: pa.Table) -> list[dict[str, Any]]:
        """Return the ten best-connected nodes."""
        size = len(nodes)
        positive = ~self.edges.negated
        degree = np.bincount(self.node_of(self.edges.subject[positive]), minlength=size)
        degree += np.bincount(self.node_of(self.edges.object[positive]), minlength=size)
        best = np.lexsort((np.arange(size), -degree))[:10].tolist()
        return [
            {
                "id": nodes["id"][row].as_py(),
                "name": nodes["name"][row].as_py(),
                "degree": int(degree[row]),
            }
            for row in best
        ]


def _nullable(values: rarity.Floats) -> pa.Array:
    return pa.array(values.astype(np.float32), mask=np.isnan(values))


def _tally(column: pa.ChunkedArray) -> dict[str, int]:
    counted = pc.value_counts(column.combine_chunks())
    pairs = ((item["values"], item["counts"]) for item in counted.to_pylist())
    return dict(sorted(pairs))
