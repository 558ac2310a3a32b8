"""The nodes of all DrugMechDB paths as entities: one id, one category, one name."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import normalize_curie, prefix_of
from kgsynth.sources.base import Manifest, Tally
from kgsynth.sources.drugmechdb_paths import Path, PathNode
from kgsynth.sources.small import Collected, Entity, setting

_DRUGBANK = re.compile(r"DrugBank:DB\d{5}")
_BY_HAND = "semapv:ManualMappingCuration"
#: Uses of a name by paths that make it more than somebody's slip.
_OFTEN = 2


class Nodes:
    """Every entity of the paths, described.

    Attributes:
        tallies: Nodes read, and ids with more than one category.
    """

    def __init__(self, paths: list[Path], manifest: Manifest, found: Collected) -> None:
        self._prefixes = setting(manifest, "prefixes")
        self._labels = setting(manifest, "labels")
        self._found = found
        self._elsewhere = frozenset(setting(manifest, "described_elsewhere"))
        self._own_names = frozenset(setting(manifest, "named_here"))
        described = [
            (path.nodes.get(node.given, ""), node) for path in paths for node in path.described
        ]
        self._categories, conflicts = self._judge(described, paths)
        self._describe(described)
        loaded = len(self._categories)
        bad = sum(not curie for curie, _ in described)
        self.tallies = [
            Tally("nodes", len(described), loaded, len(described) - loaded - bad, bad),
            Tally("ids with two categories", conflicts, 0, conflicts),
        ]

    def category(self, curie: str) -> str:
        """Return the category of an entity of the paths."""
        return self._categories[curie]

    def _judge(
        self, described: Iterable[tuple[str, PathNode]], paths: list[Path]
    ) -> tuple[dict[str, str], int]:
        """Return the category of each id, and how many ids bear labels of two."""
        labels: dict[str, Counter[str]] = defaultdict(Counter)
        for curie, node in described:
            if curie:
                labels[curie][self._labels.get(node.label, "NamedThing")] += 1
        diseases, drugs = {path.disease for path in paths}, {path.drug for path in paths}
        several = sum(len(given) > 1 for given in labels.values())
        roles = dict.fromkeys(diseases - drugs, "Disease") | dict.fromkeys(drugs - diseases, "Drug")
        return {
            curie: self._prefixes.get(prefix_of(curie)) or roles.get(curie) or _most(given)
            for curie, given in labels.items()
        }, several

    def _describe(self, described: list[tuple[str, PathNode]]) -> None:
        used: dict[str, Counter[str]] = defaultdict(Counter)
        owners: dict[str, set[str]] = defaultdict(set)
        for curie, node in described:
            if not curie or prefix_of(curie) in self._elsewhere:
                continue
            self._found.add(curie, self._categories[curie], node.name)
            # What is written out as another name is no slip.
            for name in (node.name, *node.alt_names, *node.alt_names):
                used[curie][name] += 1
                owners[name.casefold()].add(curie)
        for curie, entity in self._found.entities.items():
            shared = {name for name in used[curie] if len(owners[name.casefold()]) > 1}
            _add_names(entity, used[curie], shared, own=prefix_of(curie) in self._own_names)


def _most(given: Counter[str]) -> str:
    """Return the category most labels say, of two equal ones the first."""
    if set(given) == {"Drug", "ChemicalEntity"}:
        return "Drug"
    return given.most_common(1)[0][0]


def _add_names(entity: Entity, used: Counter[str], shared: set[str], *, own: bool) -> None:
    """Sort the other names of an entity into synonyms and related ones."""
    said = {entity.names.most_common(1)[0][0].casefold()} if entity.names else set()
    for name, count in used.most_common():
        if not name or name.casefold() in said:
            continue
        said.add(name.casefold())
        is_synonym = own and count >= _OFTEN and name not in shared
        (entity.synonyms if is_synonym else entity.related)[name] = None


def add_mappings(paths: list[Path], found: Collected) -> Tally:
    """Map a drug's MeSH id onto its DrugBank id, and ids onto the other ids that paths give.

    Where a path gives several MeSH ids, none of them is the exact one; the other ids of a node
    are curators' second guesses. Both are *close*, never merged.
    """
    read = new = bad = 0
    for path in paths:
        if path.drug_mesh and path.drugbank:
            read += 1
            if not _DRUGBANK.fullmatch(path.drugbank):
                bad += 1
                detail = f"{path.name}: {path.drugbank} is no DrugBank id; expected DB and 5 digits"
                found.rejections.add(f"{path.file}:{path.line}", "bad_identifier", detail)
                continue
            kind = "exact" if len(path.drug_mesh) == 1 else "close"
            fresh = [
                found.map(one, path.drugbank, path.line, kind, _BY_HAND) for one in path.drug_mesh
            ]
            new += any(fresh)
        for node in path.described:
            for other in node.alt_ids:
                read += 1
                new += _other_id(path, node, other, found)
    return Tally("mappings", read, new, read - new - bad, bad)


def _other_id(path: Path, node: PathNode, other: str, found: Collected) -> bool:
    curie = path.nodes.get(node.given, "")
    try:
        return bool(curie) and found.map(curie, normalize_curie(other), node.line, "close")
    except IdentifierError:
        return False
