"""Every OBO file of the folder of data, clause by clause equal to what obonet and fastobo read.

Two files are large; of those the first stanzas are compared. Every difference is named.
"""

import io
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import fastobo
import networkx as nx
import obonet
import pytest

from kgsynth.identifiers import own_curie
from kgsynth.sources.base import Rejections
from kgsynth.sources.obo_format import HEADER, read_obo
from kgsynth.sources.source_file import SourceFile
from tests.sources.real_files import FOLDER
from tests.sources.test_obo_peers import EXPLAINED, Stanzas, _explain, _fastobo, _ours, _raw
from tests.sources.test_obo_real import FILES, load

NAMES = [name for name in FILES if FILES[name][0].endswith(".obo.gz")]
LARGE = ("obo", "mondo-equivalencies")
_STANZAS = 1000

#: Where fastobo reads something else, or nothing: all in `property_value`, or a whole file.
ODD = {
    "quoted": "fastobo puts addresses that stand without quotes into quotes",
    "doubled": "fastobo doubles the backslashes of a SMILES string",
}
REFUSED = {"hgnc-groups": "expected SynonymScopeSingle"}  # a synonym without scope

#: Links that obonet has and we do not: each of these codes stands for one.
LEFT_OUT = ("other_taxon", "ignored_relation")


@cache
def text(name: str) -> str:
    """Return a real file, the first stanzas of a large one."""
    file = FOLDER / FILES[name][0]
    if not file.is_file():
        pytest.skip(f"the folder of real data has no {FILES[name][0]}")
    whole = SourceFile(file).data.decode()
    if name not in LARGE:
        return whole
    return "\n\n[".join(whole.split("\n\n[")[:_STANZAS]) + "\n"


@cache
def stanzas(name: str) -> tuple[Stanzas, set[str]]:
    """Return the clauses of every stanza, and the ids of the typedefs."""
    document = read_obo(SourceFile(Path(f"{name}.obo"), text(name).encode()), Rejections())
    ids = document.stanzas["id"].to_pylist()
    found: Stanzas = {curie: defaultdict(list) for curie in ids}
    columns = (document.clauses[name].to_pylist() for name in ("stanza", "tag", "value"))
    for row, tag, value in zip(*columns, strict=True):
        if row != HEADER:
            found[ids[row]][tag].append(value)
    kinds = document.stanzas["type"].to_pylist()
    return found, {one for one, kind in zip(ids, kinds, strict=True) if kind != "Term"}


@cache
def graph(name: str) -> "nx.MultiDiGraph[str]":
    """Return what obonet makes of a file, obsolete terms included."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: nx.MultiDiGraph[str] = obonet.read_obo(
            io.StringIO(text(name)), ignore_obsolete=False, include_clauses=True
        )
        return found


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_is_what_obonet_reads(name: str) -> None:
    ours, typedefs = stanzas(name)
    read = graph(name).nodes(data=True)
    nodes = {one: data["_clauses"] for one, data in read if "_clauses" in data}
    assert set(ours) - typedefs == set(nodes)
    for curie, theirs in nodes.items():
        assert set(theirs) == set(ours[curie])
        for tag, clauses in theirs.items():
            expected = [(c["value"], c["trailing_modifier"] or "") for c in clauses]
            assert [_raw(value) for value in ours[curie][tag]] == expected


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LARGE])
def test_every_link_is_what_obonet_reads(name: str) -> None:
    data = load(name)
    theirs = {
        (frozenset((own_curie(one), own_curie(other))), kind)
        for one, other, kind in graph(name).edges(keys=True)
        if one not in _obsolete(name)
    }
    ours = set(_links(data.statements.to_pylist()))
    assert ours <= theirs
    merged = next(t.merged for t in data.tallies if t.unit == "is_a links")
    left_out = sum(data.rejections.codes.count(code) for code in LEFT_OUT)
    assert len(theirs - ours) == merged + left_out


@cache
def _obsolete(name: str) -> set[str]:
    return {one for one, data in graph(name).nodes(data=True) if "is_obsolete" in data}


def _links(rows: list[dict[str, str]]) -> Iterator[tuple[frozenset[str], str]]:
    """Return the links of statements that an is_a or relationship made, ends without order."""
    for row in rows:
        code = row["code"] or "is_a"
        if not code.startswith(("logical definition", "union")):
            yield frozenset((row["subject"], row["object"])), code.split(" ")[0]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LARGE])
def test_every_name_is_what_obonet_reads(name: str) -> None:
    rows = {row["id"]: row for row in load(name).entities.to_pylist()}
    theirs = {
        own_curie(one): data
        for one, data in graph(name).nodes(data=True)
        if "name" in data and one not in _obsolete(name)
    }
    assert set(theirs) == {one for one, row in rows.items() if row["name"]}
    for curie, node in theirs.items():
        assert rows[curie]["name"] == node["name"].replace("\\", "").replace("\u00a0", " ")
        names = {*rows[curie]["synonyms"], *rows[curie]["related_synonyms"]}
        assert names == {_synonym(one) for one in node.get("synonym", ())}


def _synonym(raw: str) -> str:
    inside = raw[1 : raw.replace('\\"', "  ").index('"', 1)]
    return inside.replace("\\", "").replace("\u00a0", " ")


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED])
def test_every_clause_is_what_fastobo_reads(name: str) -> None:
    ours, _ = stanzas(name)
    differences: Counter[str] = Counter()
    for frame in fastobo.loads(text(name)):
        theirs: dict[str, list[fastobo.term.BaseTermClause]] = defaultdict(list)
        for clause in frame:
            theirs[clause.raw_tag()].append(clause)
        mine = ours[str(frame.id).replace("\\", "")]
        assert set(theirs) == set(mine) - {"id"}
        for tag, clauses in theirs.items():
            for clause, value in zip(clauses, mine[tag], strict=True):
                one, other = _ours(tag, value), _fastobo(tag, clause)
                if one != other:
                    differences[_named(one, other)] += 1
    assert set(differences) <= {*EXPLAINED, *ODD}


def _named(one: object, other: object) -> str:
    if isinstance(one, str) and isinstance(other, str):
        if one == other.replace('"', ""):
            return "quoted"
        if one == other.replace("\\\\", "\\"):
            return "doubled"
    return _explain(one, other)


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_fastobo_refuses_is_read(name: str) -> None:
    with pytest.raises(SyntaxError, match=REFUSED[name]):
        fastobo.loads(text(name))
    assert len(load(name).entities) == 1981
