"""The entities of a graph: their ids, names and categories, and what a text may mean by them."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from kgsynth.errors import UnknownEntityError
from kgsynth.graph.cells import Cell, cell_of
from kgsynth.graph.folder import open_arrow
from kgsynth.graph.ids import Ids
from kgsynth.graph.index import FOLDER
from kgsynth.graph.lexicon import Lexicon
from kgsynth.memo import Memo
from kgsynth.records import Node
from kgsynth.spoken import spoken

if TYPE_CHECKING:
    from kgsynth.graph.search import Match

_NODE_FIELDS = tuple(Node.__dataclass_fields__)


class Entities:
    """The node table of a graph folder, opened: what `KnowledgeGraph` knows of single entities."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._nodes = open_arrow(folder / FOLDER / "nodes.arrow")
        self._columns = {
            name: self._nodes.column(name).chunk(0) for name in self._nodes.schema.names
        }
        self._ids = Ids(self._columns["id"])
        self._find = self._ids.places.__getitem__
        self._known_nodes: Memo[str, Node] = Memo(self._node)
        self._known_surfaces: Memo[str, tuple[str, ...]] = Memo(self._surfaces)

    def __len__(self) -> int:
        """Return how many entities the graph has."""
        return int(self._nodes.num_rows)

    def __contains__(self, curie: object) -> bool:
        """Say whether an id is in the graph."""
        return isinstance(curie, str) and self._find(curie) is not None

    def nodes(self) -> pa.Table:
        """Return the node table, in index order."""
        return self._nodes

    def index_of(self, curie: str) -> int:
        """Return an entity's integer index.

        Raises:
            UnknownEntityError: If the graph has no such id.
        """
        found = self._find(curie)
        if found is None:
            raise UnknownEntityError(
                f"no entity {curie!r} in {self.folder}; try `kgsynth graph find TEXT`"
            )
        return found

    def id_of(self, index: int) -> str:
        """Return the id of an entity, given its index."""
        return self._ids.texts[index]

    @property
    def ids(self) -> Mapping[int, str]:
        """What `id_of` returns, for loops: only indices of entities may be looked up."""
        return self._ids.texts

    def ids_beginning(self, prefix: str) -> range:
        """Return the indices of all entities whose ids begin so."""
        return self._ids.beginning(prefix)

    def name_of(self, index: int) -> str:
        """Return the name of an entity, given its index."""
        return str(self._cells["name"](index))

    def category_of(self, index: int) -> str:
        """Return the Biolink category of an entity, given its index."""
        return str(self._cells["category"](index))

    def column(self, name: str) -> pa.Array:
        """Return one column of the node table, in index order."""
        return self._columns[name]

    def resolve(self, text: str) -> str:
        """Return the id of the entity that an identifier names, however it is spelled.

        Args:
            text: An id of the graph, or one that was merged into another: ``OMIM:301500``,
                ``Orphanet_324``, an old id.

        Raises:
            UnknownEntityError: If the graph has none; the message names likely ones.

        Example:
            >>> from kgsynth.graph.example import example_graph
            >>> example_graph().resolve("Orphanet_324")
            'MONDO:0010526'
        """
        if text in self:
            return text
        from kgsynth.graph.search import resolve

        return resolve(self, text)

    def node(self, curie: str) -> Node:
        """Return an entity.

        Args:
            curie: Its id in any spelling, or one that was merged into it.

        Raises:
            UnknownEntityError: If the graph has no such id; the message names likely ones.

        Example:
            >>> from kgsynth.graph.example import example_graph
            >>> example_graph().node("OMIM:301500").name
            'Fabry disease'
        """
        return self._known_nodes[curie]

    def _node(self, curie: str) -> Node:
        row = self.index_of(self.resolve(curie))
        value = {name: cell(row) for name, cell in self._cells.items()}
        value["synonyms"] = tuple(value["synonyms"])
        value["equivalent_ids"] = tuple(value["equivalent_ids"])
        return Node(**value)

    @functools.cached_property
    def _cells(self) -> dict[str, Cell]:
        return {name: cell_of(self._columns[name]) for name in _NODE_FIELDS}

    @functools.cached_property
    def _lay(self) -> Cell:
        return cell_of(self._columns["lay"]) if "lay" in self._columns else lambda _: ()

    def find(self, text: str, limit: int = 10) -> list["Match"]:
        """Return the entities that a text may mean, the likeliest first.

        Args:
            text: Words of a name or synonym, with a typo or two, or an id.
            limit: How many at most.

        Example:
            >>> from kgsynth.graph.example import example_graph
            >>> [match.name for match in example_graph().find("anderson fabry")]
            ['Fabry disease']
        """
        from kgsynth.graph.search import find

        return find(self, text, limit)

    @functools.cached_property
    def lexicon(self) -> Lexicon:
        """The words of all names, mapped into memory."""
        return Lexicon(self.folder / FOLDER)

    def surfaces(self, curie: str) -> tuple[str, ...]:
        """Return every spelling by which a text may mention an entity: phrase, name, synonyms."""
        return self._known_surfaces[curie]

    def _surfaces(self, curie: str) -> tuple[str, ...]:
        node = self.node(curie)
        lay = self._lay(self.index_of(node.id)) or ()
        spellings = (node.phrase, node.name, *node.synonyms, *lay, *map(spoken, lay))
        return tuple(dict.fromkeys(text for text in spellings if text))
