"""What every source, miner, kind, writer, engine, check and format must do, by registry.

A new one is one file and one line in its registry; these tests then cover it at once.
"""

import functools
import importlib
import inspect
import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from kgsynth.biolink import CATEGORIES, PREDICATES
from kgsynth.checks import CHECKS, CODES, CheckSettings
from kgsynth.checks.base import Context
from kgsynth.datasets.formats import FORMATS
from kgsynth.engines.base import ENGINES
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.identifiers import normalize_curie
from kgsynth.paths import MINERS
from kgsynth.paths.settings import MiningSettings
from kgsynth.questions import KINDS
from kgsynth.records import Mined, Rejection, Row
from kgsynth.sources import SOURCES
from kgsynth.sources.base import SourceData, SourceFile
from kgsynth.sources.choice import preset_sources, presets
from kgsynth.sources.files import locate, read_manifest
from kgsynth.sources.places import Finder
from kgsynth.traces.assemble import assemble_row
from kgsynth.traces.template import write_trace
from tests.conftest import NO_SHARED_DATA, SHARED_DATA

#: Chains that a contract looks at, for each miner.
SAMPLE = 60


def resolve(entry: str) -> Any:
    """Return what a ``module:name`` of a registry stands for."""
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)


# ---- sources -------------------------------------------------------------------------------


#: Sources whose files come with kgsynth.
PACKAGED = [name for name in SOURCES if Finder(cache=Path("none")).find(read_manifest(name)).items]
#: Sources whose files are small and lie in ../shared/data, where that is.
SMALL = [
    name
    for name in SOURCES
    if name not in PACKAGED
    and SHARED_DATA.is_dir()
    and (items := Finder(SHARED_DATA, Path("none")).find(read_manifest(name)).items)
    and sum(item.source.file.stat().st_size for item in items) < 100_000
]


@functools.cache
def found(name: str) -> tuple[SourceFile, ...]:
    folder = None if name in PACKAGED else SHARED_DATA
    return Finder(folder, Path("none")).find(read_manifest(name)).files


@functools.cache
def loaded(name: str) -> SourceData:
    """A source as its own loader reads it, once."""
    return load(name)


def load(name: str) -> SourceData:
    loader = resolve(SOURCES[name])
    assert callable(loader)
    data = loader(found(name), read_manifest(name))
    assert isinstance(data, SourceData)
    return data


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_states_license_citation_and_home(name: str) -> None:
    manifest = read_manifest(name)
    assert manifest.name == name
    assert manifest.title
    assert manifest.license
    assert manifest.citation or manifest.settings.get("generic")
    assert manifest.license_url.startswith("https://")
    assert manifest.url.startswith("https://")


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_names_its_files_or_is_a_format(name: str) -> None:
    manifest = read_manifest(name)
    assert bool(manifest.parts) != bool(manifest.settings.get("generic")) or name == "umls"
    assert all(part.url.startswith("https://") for part in manifest.parts if part.url)
    roles = [part.role for part in manifest.parts if not part.place]
    assert len(set(roles)) == len(roles)
    assert [part.place for part in manifest.parts if part.place and not locate(part.place)] == []


@pytest.mark.parametrize("name", SOURCES)
def test_a_checksum_comes_from_a_file_in_hand(name: str) -> None:
    known = SHARED_DATA / "MANIFEST.json"
    if not known.is_file():
        pytest.skip(NO_SHARED_DATA)
    in_hand = {file["sha256_raw"] for file in json.loads(known.read_text())["files"]}
    assert {part.sha256 for part in read_manifest(name).parts if part.sha256} <= in_hand


@pytest.mark.parametrize("name", presets())
def test_a_preset_names_sources_and_no_formats(name: str) -> None:
    chosen = preset_sources(name)
    assert set(chosen) <= set(SOURCES)
    assert [one for one in chosen if read_manifest(one).settings.get("generic")] == []
    assert chosen[: len(PACKAGED)] == tuple(PACKAGED)


@pytest.mark.parametrize("name", [*PACKAGED, *SMALL])
def test_a_source_says_its_version(name: str) -> None:
    assert loaded(name).version


@pytest.mark.parametrize("name", [*PACKAGED, *SMALL])
def test_a_source_uses_known_words_and_house_spelling(name: str) -> None:
    data = loaded(name)
    assert set(data.entities["category"].unique().to_pylist()) <= set(CATEGORIES)
    if name in PACKAGED:
        assert set(data.statements["predicate"].unique().to_pylist()) <= set(PREDICATES)
    ids = data.entities["id"].to_pylist()[:2000] + data.statements["object"].to_pylist()[:2000]
    assert [curie for curie in ids if normalize_curie(curie) != curie] == []


@pytest.mark.parametrize("name", [*PACKAGED, *SMALL])
def test_a_source_accounts_for_every_record(name: str) -> None:
    data = loaded(name)
    assert data.tallies
    assert any(each.read for each in data.tallies)
    assert [
        each
        for each in data.tallies
        if each.read != each.loaded + each.merged + each.rejected
    ] == []  # fmt: skip


@pytest.mark.parametrize("name", [*PACKAGED, *SMALL])
def test_a_source_reads_the_same_twice(name: str) -> None:
    again = load(name)
    assert again.entities.equals(loaded(name).entities)
    assert again.statements.equals(loaded(name).statements)


# ---- engines -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_is_a_class_that_needs_no_package_to_be_named(name: str) -> None:
    engine = resolve(ENGINES[name])
    assert inspect.isclass(engine)
    assert inspect.getdoc(engine)
    for coroutine in ("start", "complete", "stop"):
        assert inspect.iscoroutinefunction(getattr(engine, coroutine)), coroutine


# ---- miners and kinds ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


def mine(name: str, graph: KnowledgeGraph, hops: int) -> list[Mined]:
    miner = resolve(MINERS[name])
    assert callable(miner)
    stream = miner(graph, MiningSettings(hops=hops), 0, SAMPLE)
    return list(islice((item for item in stream if isinstance(item, Mined)), SAMPLE))


@pytest.mark.parametrize("hops", [2, 3, 4, 5])
@pytest.mark.parametrize("name", MINERS)
def test_a_miner_walks_edges_that_are_there_and_no_entity_twice(
    name: str, hops: int, graph: KnowledgeGraph
) -> None:
    mined = mine(name, graph, hops)
    assert len(mined) == SAMPLE
    for item in mined:
        bound = item.bound
        entities = [bound.get(stop, stop) for stop in item.query.spine]
        # A question of one step has no spine, whatever the hops asked for.
        assert len(entities) == (hops + 1 if name == "chain" else 0)
        assert len(set(entities)) == len(entities)
        assert all(entity in graph for entity in entities)


@pytest.mark.parametrize("name", MINERS)
def test_a_miner_gives_the_complete_answer_set(name: str, graph: KnowledgeGraph) -> None:
    for item in mine(name, graph, 4):
        assert graph.answers(item.query) == item.answers
        bound = item.bound[item.query.target]
        several = name in ("dual", "list")
        assert bound in item.answers if several else item.answers == (bound,)


@pytest.mark.parametrize("name", MINERS)
def test_a_miner_yields_the_same_for_the_same_seed(name: str, graph: KnowledgeGraph) -> None:
    assert mine(name, graph, 3) == mine(name, graph, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_words_what_its_miner_finds_and_hides_the_answer(
    kind: str, graph: KnowledgeGraph
) -> None:
    for item in mine(kind, graph, 4):
        word = resolve(KINDS[kind])
        question = word(item, graph, 0)
        if isinstance(question, Rejection):
            assert question.code
            continue
        assert question == word(item, graph, 0)
        assert question.question in question.prompt
        if kind in ("dual", "comparison"):  # it names what it proposes, or the two it compares
            continue
        category = graph.category_of(graph.index_of(item.answers[0]))
        if category != "GeneticInheritance":  # the class asked within is named
            assert question.answer.lower() not in question.question.lower()


# ---- checks and formats --------------------------------------------------------------------


@pytest.fixture(scope="module")
def rows(graph: KnowledgeGraph) -> list[Row]:
    """Four-hop rows by the template writer."""
    made = []
    for mined in mine("chain", graph, 4):
        question = resolve(KINDS["chain"])(mined, graph, 0)
        if not isinstance(question, Rejection):
            trace = write_trace(mined, question, graph, 0)
            made.append(assemble_row(mined, question, trace, graph, 0))
    return made


def test_most_questions_become_rows(rows: list[Row]) -> None:
    assert len(rows) >= SAMPLE * 0.9


def test_every_check_has_codes_and_every_code_a_meaning() -> None:
    assert list(CODES) == list(CHECKS)
    codes = [code for stage in CODES.values() for code in stage]
    assert len(set(codes)) == len(codes)
    assert all(meaning for stage in CODES.values() for meaning in stage.values())


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_is_silent_on_good_rows(name: str, rows: list[Row], graph: KnowledgeGraph) -> None:
    said = {
        row.id: [f"{finding.code}: {finding.message}" for finding in found]
        for row in rows
        if (found := list(CHECKS[name](Context.of(row, graph, CheckSettings()))))
    }
    assert said == {}


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_reads_back_and_holds_no_null(name: str, rows: list[Row]) -> None:
    chosen = FORMATS[name]
    adapter: TypeAdapter[Any] = TypeAdapter(chosen.record)
    for row in rows:
        example = chosen.convert(row)
        text = adapter.dump_json(example)
        assert adapter.validate_json(text) == example
        assert b"null" not in text
        assert row.id.encode() in text


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_how_to_train_from_it(name: str) -> None:
    compile(FORMATS[name].usage.format(folder="export"), name, "exec")
    assert FORMATS[name].title
