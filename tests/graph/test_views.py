"""Views of the graph: what is written can be read back, whatever the labels hold."""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx
import pyarrow as pa
import pyarrow.feather
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kgsynth.cli.graph_export import export
from kgsynth.errors import GraphError, UnknownEntityError, UsageError
from kgsynth.graph.build import Graph, Loaded, build
from kgsynth.graph.example import FABRY, example_graph
from kgsynth.graph.views import VIEWS
from kgsynth.graph.views.base import Part, part_of, write_view
from kgsynth.graph.views.networkx import to_networkx
from kgsynth.sources import kgx
from kgsynth.sources.base import ENTITIES, STATEMENTS, SourceData, SourceFile, table
from kgsynth.sources.files import read_manifest

#: Judged by the builder, or named after the file that was read.
RECOMPUTED = {"rarity_score", "sources", "information_content"}
NASTY = [
    *('say "no"', "it's", "back\\slash", "a|b", "|", "{{ x }}", "{% raw %}", "$x", "`MATCH (n)`"),
    *("'}) DETACH DELETE n //", "\u202eright\u202c", "\u200f", "👩‍⚕️", "\x1b[31m", "\x07", "\x00"),
    *("a\tb", "a\nb", "a\r\nb", "\r", "\u2028", "\x85", "\ufeff", "<b>&amp;</b>", "]]>", " pad "),
    *("null", "None", "NaN", "[]", "#", "\uffff", "é", "e\u0301"),
]
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=8))
#: What a table of KGX holds: no tab, no line end, no NUL.
PLAIN = TEXTS.map(lambda text: text.translate(dict.fromkeys(map(ord, "\t\n\r\x00"), " ")))


def graph_of(names: list[str], texts: list[str], shape: list[tuple[int, int, bool, int]]) -> Graph:
    """Return a graph of three diseases and three findings.

    Args:
        names: Six names.
        texts: What synonyms, definitions, references and codes are taken from.
        shape: For each statement the disease, the finding, whether it is denied, and a number
            that chooses its texts.
    """

    def pick(number: int) -> str:
        return texts[number % len(texts)]

    ids = ["OMIM:1", "MONDO:2", "ORPHA:3", "HP:0000004", "HP:0000005", "HP:0000006"]
    entities = {
        "id": ids,
        "name": names,
        "category": ["Disease"] * 3 + ["PhenotypicFeature"] * 3,
        "synonyms": [[pick(n), pick(n + 1)] for n in range(6)],
        "lay": [[pick(n)] for n in range(6)],
        "related_synonyms": [[pick(n + 2)] for n in range(6)],
        "alt_ids": [["OMIM:99"], [], [], [], [], []],
        "definition": [pick(n + 3) for n in range(6)],
    }
    statements = {
        "subject": [ids[disease] for disease, _, _, _ in shape],
        "predicate": ["has_phenotype"] * len(shape),
        "object": [ids[3 + finding] for _, finding, _, _ in shape],
        "negated": [denied for _, _, denied, _ in shape],
        "reference": [pick(number) for _, _, _, number in shape],
        "code": [pick(number // 2) for _, _, _, number in shape],
        "onset": [pick(number // 3) for _, _, _, number in shape],
        "date": [["", "2024-05-31"][number % 2] for _, _, _, number in shape],
        "line": list(range(len(shape))),
    }
    data = SourceData(
        "1",
        (SourceFile(Path("x"), sha256="0" * 64),),
        entities=table(ENTITIES, entities, 6),
        statements=table(STATEMENTS, statements, len(shape)),
    )
    return build({"mine": Loaded(read_manifest("kgx"), data, ("x",))})


def read_back(folder: Path, ending: str) -> Graph:
    files = tuple(SourceFile(folder / f"{name}.{ending}") for name in ("nodes", "edges"))
    manifest = read_manifest("kgx")
    data = kgx.load(files, manifest)
    assert not data.rejections.codes
    return build({"kgx": Loaded(manifest, data, ())})


def columns(found: pa.Table, but: Iterable[str] = ()) -> dict[str, list[Any]]:
    return {name: found[name].to_pylist() for name in found.column_names if name not in but}


def assert_same(graph: Graph, ending: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = write_view(f"kgx-{ending}", Part(graph.nodes, graph.edges), folder)
        again = read_back(folder, ending)
        assert written.losses == {}
        assert columns(again.nodes, RECOMPUTED) == columns(graph.nodes, RECOMPUTED)
        assert columns(again.edges) == columns(graph.edges)


SHAPES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans(), st.integers(0, 30)),
    min_size=1,
    max_size=8,
)
QUICK = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@example(NASTY[:6], NASTY, [(n % 3, n % 2, n % 5 == 0, n) for n in range(30)])
@example(NASTY[-6:], NASTY, [(n % 3, n % 2, n % 5 == 0, n) for n in range(30)])
@given(st.lists(TEXTS, min_size=6, max_size=6), st.lists(TEXTS, min_size=1, max_size=6), SHAPES)
def test_json_lines_hold_every_label(
    names: list[str], texts: list[str], shape: list[tuple[int, int, bool, int]]
) -> None:
    assert_same(graph_of(names, texts, shape), "jsonl")


@QUICK
@given(
    st.lists(PLAIN, min_size=6, max_size=6),
    st.lists(PLAIN.map(lambda text: text.replace("|", "¦")), min_size=1, max_size=6),
    SHAPES,
)
def test_tables_hold_every_label_without_tabs_line_ends_and_bars_in_lists(
    names: list[str], texts: list[str], shape: list[tuple[int, int, bool, int]]
) -> None:
    assert_same(graph_of(names, texts, shape), "tsv")


def test_what_tables_cannot_hold_is_counted(tmp_path: Path) -> None:
    graph = graph_of(["a\tb", *"cdefg"], ["one|two"], [(0, 0, False, 0)])
    written = write_view("kgx-tsv", Part(graph.nodes, graph.edges), tmp_path)
    assert written.losses["name: a tab or line end, written as a blank (kgx-jsonl holds it)"] == 1
    assert written.losses["synonym: a bar in an item, written as a blank (kgx-jsonl holds it)"] == 6
    found = read_back(tmp_path, "tsv").nodes.to_pylist()
    assert {row["id"]: row["name"] for row in found}["OMIM:1"] == "a b"


def test_the_word_of_another_source_stays_its_own(tmp_path: Path) -> None:
    graph = example_graph()
    write_view("kgx-jsonl", part_of(graph), tmp_path)
    again = read_back(tmp_path, "jsonl")
    evidence = again.edges["evidence"].to_pylist()
    assert {one["source"] for many in evidence for one in many} == {"example"}
    assert evidence == graph.edges()["evidence"].to_pylist()
    assert columns(again.nodes, RECOMPUTED) == columns(graph.nodes(), RECOMPUTED)


@QUICK
@given(st.lists(TEXTS, min_size=6, max_size=6), st.lists(TEXTS, min_size=1, max_size=6), SHAPES)
def test_networkx_reads_graphml_back(
    names: list[str], texts: list[str], shape: list[tuple[int, int, bool, int]]
) -> None:
    graph = graph_of(names, texts, shape)
    with tempfile.TemporaryDirectory() as name:
        written = write_view("graphml", Part(graph.nodes, graph.edges), Path(name))
        found: Any = networkx.read_graphml(written.files[0], force_multigraph=True)
    for row in graph.nodes.to_pylist():
        assert found.nodes[row["id"]]["name"] == allowed(row["name"])
        synonyms = found.nodes[row["id"]].get("synonyms", "[]")
        assert json.loads(synonyms) == [listed(text) for text in row["synonyms"]]
    edges = {key: data for _, _, key, data in found.edges(keys=True, data=True)}
    assert len(edges) == graph.edges.num_rows
    for row in graph.edges.to_pylist():
        data = edges[row["id"]]
        assert data["negated"] is row["negated"]
        assert [one["source"] for one in json.loads(data["evidence"])] == [
            one["source"] for one in row["evidence"]
        ]


def allowed(text: str) -> str:
    """Return a text with what XML 1.0 forbids replaced."""
    forbidden = {*range(0x20), 0xFFFE, 0xFFFF} - {9, 10, 13}
    return text.translate(dict.fromkeys(forbidden, "\ufffd"))


def listed(text: str) -> str:
    """Return what becomes of a text in a list: JSON has a way to write what XML forbids."""
    return text.translate({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"})


def test_what_xml_cannot_hold_is_counted(tmp_path: Path) -> None:
    graph = graph_of(["\x1b[31m", *"bcdef"], ["fine"], [(0, 0, False, 0)])
    written = write_view("graphml", Part(graph.nodes, graph.edges), tmp_path)
    (count,) = written.losses.values()
    assert count == 2  # the name, and the phrase that is made of it


def test_arrow_files_are_the_tables(tmp_path: Path) -> None:
    graph = example_graph()
    write_view("arrow", part_of(graph), tmp_path)
    for name, whole in (("nodes", graph.nodes()), ("edges", graph.edges())):
        assert pyarrow.feather.read_table(tmp_path / f"{name}.arrow").equals(whole)


def test_networkx_gets_every_attribute_and_the_edge_ids_as_keys() -> None:
    graph = example_graph()
    found = to_networkx(graph)
    assert isinstance(found, networkx.MultiDiGraph)
    assert (found.number_of_nodes(), found.number_of_edges()) == (len(graph), graph.n_edges)
    assert found.nodes[FABRY]["equivalent_ids"] == ["OMIM:301500", "ORPHA:324"]
    for row in graph.edges().to_pylist():
        data = found.edges[row["subject"], row["object"], row["id"]]
        assert data["evidence"] == row["evidence"]
        assert data["predicate"] == row["predicate"]


def test_a_part_has_what_lies_within_the_radius() -> None:
    graph = example_graph()
    alone, near = (to_networkx(graph, ["ORPHA:324"], radius=radius) for radius in (0, 1))
    assert list(alone) == [FABRY]
    assert set(near) == {FABRY, *networkx.all_neighbors(to_networkx(graph), FABRY)}
    assert list(to_networkx(graph, [])) == []
    with pytest.raises(UnknownEntityError):
        to_networkx(graph, ["MONDO:404"])


# ---- every view ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_writes_the_whole_and_a_part_the_same_twice(name: str, tmp_path: Path) -> None:
    graph = example_graph()
    done: list[int] = []
    sizes = []
    for number, part in enumerate((part_of(graph), part_of(graph), part_of(graph, [FABRY], 1))):
        written = write_view(name, part, tmp_path / str(number), done.append)
        assert all(file.is_file() for file in written.files)
        assert written.records
        sizes.append([file.read_bytes() for file in written.files])
    assert done[-1] > 0
    assert sizes[0] == sizes[1]
    assert sum(map(len, sizes[2])) < sum(map(len, sizes[0]))
    assert [file.name for file in tmp_path.rglob(".*")] == []


def test_an_unknown_view_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'graphml'"):
        write_view("graphlm", part_of(example_graph()), tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(GraphError, match="taken: cannot be written"):
        write_view("arrow", part_of(example_graph()), tmp_path / "taken")


def test_the_command_says_what_it_wrote_and_where(tmp_path: Path) -> None:
    folder = str(example_graph().folder)
    args = ["--to", "kgx-tsv", "--graph", folder, "--out", str(tmp_path / "out"), "--json"]
    result = CliRunner().invoke(export, args)
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert said["records"] == {"node records": 12, "edge records": 15}
    assert [Path(file).name for file in said["files"]] == ["nodes.tsv", "edges.tsv"]
    args = [
        "--to",
        "graphml",
        "--graph",
        folder,
        "--around",
        "Orphanet_324",
        "--out",
        str(tmp_path),
    ]
    assert "note" not in CliRunner().invoke(export, args).stdout
