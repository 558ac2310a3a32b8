"""One path of DrugMechDB as a record of known shape, or a rejection."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import normalize_curie
from kgsynth.sources.small import Collected, tidy
from kgsynth.sources.yaml_blocks import Block, Document


class PathLink(NamedTuple):
    """A link as the file has it: relation and two ids, unspelled."""

    line: int
    key: str
    source: str
    target: str


class PathNode(NamedTuple):
    """A node as the file has it; `id` is spelled, `given` is not."""

    line: int
    given: str
    label: str
    name: str
    alt_names: tuple[str, ...]
    alt_ids: tuple[str, ...]


@dataclass
class Path:
    """One path.

    Attributes:
        name: Such as ``DB00002_MESH_D003110_1``.
        file: The file it is in.
        line: The line it begins in.
        drug: The id of the node that is its drug.
        disease: Likewise.
        drug_mesh: What it gives as its drug's MeSH ids, one or several.
        drugbank: What it gives as its drug's DrugBank id, or "".
        described: Its nodes in order.
        nodes: Id as given -> id in the house spelling, of the good ones.
        links: Its links in order.
    """

    name: str
    file: str
    line: int
    drug: str = ""
    disease: str = ""
    drug_mesh: tuple[str, ...] = ()
    drugbank: str = ""
    described: list[PathNode] = field(default_factory=list)
    nodes: dict[str, str] = field(default_factory=dict)
    links: list[PathLink] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """How evidence cites the path."""
        return f"DrugMechDB:{self.name}"


def read_path(here: Collected, record: Any, document: Document, seen: set[str]) -> Path | None:
    """Return a path, or None after rejecting it.

    Args:
        here: Gets ``bad_yaml``, ``bad_path``, ``duplicate`` and, of its nodes, ``bad_identifier``.
        record: The value of a document, or one of a list.
        document: Where it comes from.
        seen: The names of the paths before; this one's is added.
    """
    if document.problem:
        here.reject(document.line, "bad_yaml", document.problem)
        return None
    line = record.line if isinstance(record, Block) else document.line
    problem = _problem(record)
    if problem:
        here.reject(line, "bad_path", problem)
        return None
    graph = record["graph"]
    path = Path(tidy(graph["_id"]), here.file, line)
    if path.name in seen:
        here.reject(line, "duplicate", f"path {path.name} stands in the file already")
        return None
    seen.add(path.name)
    path.described = [_node(node, line) for node in record["nodes"]]
    path.links = [_link(link, line) for link in record["links"]]
    for node in path.described:
        if curie := here.spell(node.line, node.given):
            path.nodes[node.given] = curie
    _name_ends(path, graph)
    return path


def _problem(record: Any) -> str:
    if not isinstance(record, Block):
        return "a path is a mapping with graph, nodes and links"
    graph = record.get("graph")
    if not isinstance(graph, Block) or not _text(graph, "_id"):
        return "a path has a graph with an _id"
    for name in ("nodes", "links"):
        rows = record.get(name)
        if not isinstance(rows, list) or not all(isinstance(row, Block) for row in rows):
            return f"{name} of path {_text(graph, '_id')} is no list of mappings"
    return ""


def _node(node: Block, line: int) -> PathNode:
    curie, label, name = (_text(node, key) for key in ("id", "label", "name"))
    others = _texts(node, "alt_names"), _texts(node, "alt_ids")
    return PathNode(node.line or line, curie, label, name, *others)


def _link(link: Block, line: int) -> PathLink:
    return PathLink(link.line or line, *(_text(link, name) for name in ("key", "source", "target")))


def _name_ends(path: Path, graph: Block) -> None:
    """Find the drug and the disease among the nodes; a drug has one MeSH id, several or none."""
    several = _text(graph, "drug_mesh").split(",")
    path.drug_mesh = tuple(filter(None, (_spelled(text) for text in several)))
    path.drugbank = _spelled(_text(graph, "drugbank"))
    path.disease = _spelled(_text(graph, "disease_mesh"))
    ids = set(path.nodes.values())
    path.drug = next((one for one in (*path.drug_mesh, path.drugbank) if one in ids), "")


def _spelled(text: str) -> str:
    """Return an identifier in the house spelling, "" where it is none: `drugbank: null`."""
    try:
        return normalize_curie(text)
    except IdentifierError:
        return ""


def _text(block: Block, name: str) -> str:
    value = block.get(name)
    return tidy(value) if isinstance(value, str) else ""


def _texts(block: Block, name: str) -> tuple[str, ...]:
    value = block.get(name)
    return (
        tuple(tidy(one) for one in value if isinstance(one, str)) if isinstance(value, list) else ()
    )
