"""DrugMechDB: curated paths from a drug, over what it acts on, to the disease it treats.

A path is a YAML document: its drug and disease, its nodes with names and labels, its links. Every
link becomes a statement whose evidence cites the path (``DrugMechDB:DB00002_MESH_D003110_1``), and
the path itself is an indication: its drug ``treats`` its disease.

What the file does, and what is done about it:

* Half of the links use relations that Biolink 4.2 no longer has: `kgsynth.biolink.active`.
* A link that a relation does not fit (a process that *treats*) takes the wider relation of the
  manifest's ``[fallbacks]``, its own name kept as evidence code.
* One id bears several names: the most frequent one is the name. Another is a synonym only where two
  paths use it, for this id alone and of an authority that no other source describes; the others are
  related synonyms, because curators also write the name of a neighbour ("intraocular pressure" for
  ocular hypertension).
* One id bears several labels: the prefix decides, else what it is at the end of a path (its drug,
  its disease), else the most frequent label; what is a drug anywhere is no mere substance.

Source: https://github.com/SuLab/DrugMechDB, doi:10.1038/s41597-023-02534-z
"""

from collections.abc import Iterator
from typing import Any

from kgsynth.biolink import PREDICATES, active
from kgsynth.sources.archives import members
from kgsynth.sources.base import Manifest, SourceData, SourceFile, Tally
from kgsynth.sources.drugmechdb_nodes import Nodes, add_mappings
from kgsynth.sources.drugmechdb_paths import Path, PathLink, read_path
from kgsynth.sources.small import Collected, by_role, setting
from kgsynth.sources.yaml_blocks import Document, documents


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read the paths: one file of many documents, or a folder of files; see `base.Loader`."""
    source = by_role(files, ("paths",))["paths"]
    found = Collected(str(source.file))
    paths: list[Path] = []
    seen: set[str] = set()
    read = 0
    for place, document in _documents(source):
        here = Collected(place, found.rejections)
        for record in _records(document):
            read += 1
            path = read_path(here, record, document, seen)
            paths += [path] if path is not None else []
    nodes = Nodes(paths, manifest, found)
    links = _Links(nodes, manifest, found)
    tallies = [Tally("paths", read, len(paths), 0, read - len(paths)), *nodes.tallies]
    tallies += [links.add(paths), links.add_indications(paths), add_mappings(paths, found)]
    return SourceData(
        version=manifest.version,
        files=files,
        entities=found.entity_table(),
        statements=found.statement_table(),
        mappings=found.mapping_table(),
        rejections=found.rejections,
        tallies=tuple(tallies),
    )


def _documents(source: SourceFile) -> Iterator[tuple[str, Document]]:
    """Yield every document and the file it is in."""
    if source.file.is_dir():
        for name, data in members(source):
            if name.endswith((".yaml", ".yml")):
                one = SourceFile(source.file / name, data)
                yield from ((str(one.file), document) for document in documents(one.data))
        return
    for document in documents(source.data):
        yield str(source.file), document


def _records(document: Document) -> list[Any]:
    """Return the paths of a document: one, or a list of them as DrugMechDB's own release has."""
    if isinstance(document.value, list):
        return document.value
    return [] if document.value is None and not document.problem else [document.value]


class _Links:
    """The links of all paths as statements."""

    def __init__(self, nodes: Nodes, manifest: Manifest, found: Collected) -> None:
        self._nodes = nodes
        self._found = found
        self._fallbacks = setting(manifest, "fallbacks")
        self._turned: dict[tuple[str, str, str], tuple[str, str]] = {}

    def add(self, paths: list[Path]) -> Tally:
        """State every link once a path."""
        read = loaded = merged = 0
        for path in paths:
            stated: set[tuple[str, str, str]] = set()
            for link in path.links:
                read += 1
                one = self._statement(path, link)
                if one is None:
                    continue
                if one in stated:
                    merged += 1
                    continue
                stated.add(one)
                loaded += 1
                self._state(path, link, one)
        return Tally("links", read, loaded, merged, read - loaded - merged)

    def add_indications(self, paths: list[Path]) -> Tally:
        """State that the drug of a path treats its disease."""
        loaded = 0
        for path in paths:
            ends = (path.drug, path.disease)
            if not all(end in self._found.entities or end in path.nodes for end in ends):
                detail = f"{path.name}: its drug or its disease is none of its nodes"
                self._found.rejections.add(f"{path.file}:{path.line}", "no_such_node", detail)
                continue
            loaded += 1
            self._found.state(
                path.drug, "treats", path.disease, path.line,
                reference=path.reference, code="indication",
            )  # fmt: skip
        return Tally("indications", len(paths), loaded, 0, len(paths) - loaded)

    def _statement(self, path: Path, link: PathLink) -> tuple[str, str, str] | None:
        """Return subject, predicate and object of a link, or None after rejecting it."""
        place = f"{path.file}:{link.line}"
        missing = [end for end in (link.source, link.target) if end not in path.nodes]
        if missing:
            detail = f"{path.name}: {missing[0] or 'an end'} is none of its nodes"
            self._found.rejections.add(place, "no_such_node", detail)
            return None
        name, turned = active(link.key)
        if not name:
            self._found.rejections.add(place, "unknown_relation", f"{path.name}: no relation")
            return None
        subject, object_ = path.nodes[link.source], path.nodes[link.target]
        if turned:
            subject, object_ = object_, subject
        name = self._fitting(name, subject, object_)
        return self._one_way(subject, name, object_)

    def _fitting(self, name: str, subject: str, object_: str) -> str:
        kinds = self._nodes.category(subject), self._nodes.category(object_)
        return name if _fits(name, *kinds) else self._fallbacks.get(name, name)

    def _one_way(self, subject: str, name: str, object_: str) -> tuple[str, str, str]:
        """Return a symmetric statement in the direction in which it came first."""
        if name in PREDICATES and PREDICATES[name].symmetric:
            one, other = sorted((subject, object_))
            subject, object_ = self._turned.setdefault((one, name, other), (subject, object_))
        return subject, name, object_

    def _state(self, path: Path, link: PathLink, one: tuple[str, str, str]) -> None:
        subject, name, object_ = one
        changed = "_".join(link.key.lower().split()) != name
        self._found.state(
            subject, name, object_, link.line,
            reference=path.reference, code=link.key if changed else "",
        )  # fmt: skip


def _fits(name: str, subject: str, object_: str) -> bool:
    """Say whether a relation can join two categories."""
    if name == "subclass_of":  # a finding is no kind of disease, nor the other way round
        return subject == object_ or not {"Disease", "PhenotypicFeature"} & {subject, object_}
    known = PREDICATES.get(name)
    if known is None:
        return True
    return subject in (known.domain or (subject,)) and object_ in (known.range or (object_,))
