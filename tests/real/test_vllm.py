"""Rows worded by a real model in the real engine: generated, parsed, checked, kept.

The model is tiny and overfit on the template's words of a handful of real rows, so that what it
says is true; whatever else it is asked, it says nonsense, which must not get through.
"""

import gc
import os
import signal
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from kgsynth.checks import CheckSettings, check_row
from kgsynth.engines.base import Completion, EngineSettings, load_engine
from kgsynth.engines.scripted import ScriptedEngine
from kgsynth.engines.vllm import VllmEngine
from kgsynth.errors import EngineError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.ledger import Ledger
from kgsynth.paths.chain import mine_paths
from kgsynth.paths.settings import MiningSettings
from kgsynth.questions.chain import word_chain
from kgsynth.records import EntityRef, Rejection, Row, Verdict
from kgsynth.traces.assemble import assemble_row
from kgsynth.traces.model import Check, ModelSettings, write_with_model
from kgsynth.traces.parse import parse_wording
from kgsynth.traces.prompt import plan_row, write_prompt
from kgsynth.traces.template import write_trace
from tests.worded import ACCEPTED, said

vllm = pytest.importorskip("vllm", reason="needs vllm; run by `make test-real`")

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(900),
    # Raised inside torch and vLLM, about themselves.
    pytest.mark.filterwarnings("ignore"),
]

SEED, LEARNED = 0, 4


@dataclass(frozen=True)
class Taught:
    """A model folder and the rows whose wording it has learned."""

    folder: Path
    rows: tuple[Row, ...]
    stranger: Row
    check: Check


@dataclass(frozen=True)
class Run:
    """What came out of a run, and what its ledger counted."""

    folder: Path
    out: tuple[Row | Rejection, ...]
    counts: dict[str, dict[str, int]]


@pytest.fixture(scope="module", autouse=True)
def _small_engine() -> Iterator[None]:
    """Keep the engine to a gigabyte and one thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VLLM_CPU_KVCACHE_SPACE", "1")
        patch.setenv("OMP_NUM_THREADS", "1")
        yield
    # An engine whose process was killed never closes its sockets; that is said while it is ignored.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory, default_graph: Path) -> Taught:
    from tests.real.tiny_model import make_model

    graph = KnowledgeGraph.load(default_graph)
    check = partial(check_row, graph=graph, settings=CheckSettings())
    *rows, stranger = islice(_good_rows(graph, check), LEARNED + 1)
    pairs = [(write_prompt(plan_row(row)).messages, said(plan_row(row))) for row in rows]
    folder = tmp_path_factory.mktemp("taught")
    make_model(folder, pairs)
    return Taught(folder, tuple(rows), stranger, check)


def _good_rows(graph: KnowledgeGraph, check: Check) -> Iterator[Row]:
    """Yield rows of the template writer that would pass as a model's too."""
    for mined in mine_paths(graph, MiningSettings(hops=4), SEED, 100):
        if isinstance(mined, Rejection):
            continue
        question = word_chain(mined, graph, SEED)
        if isinstance(question, Rejection):
            continue
        trace = write_trace(mined, question, graph, SEED)
        row = assemble_row(mined, question, trace, graph, SEED)
        plan = plan_row(row)
        worded = parse_wording(plan, Completion("", said(plan), "stop"))
        if isinstance(worded, Row) and check(worded).accepted:
            yield row


def settings(folder: Path) -> EngineSettings:
    return EngineSettings(
        str(folder),
        temperature=0,
        max_tokens=700,
        max_model_len=2048,
        max_num_seqs=8,
        max_num_batched_tokens=4096,
        dtype="float32",
        enforce_eager=True,
    )


@pytest.fixture(scope="module")
def run(taught: Taught, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Word what the model has learned, a row that it has not, and one that is far too long."""
    folder = tmp_path_factory.mktemp("run")
    engine = load_engine("vllm", settings(taught.folder))
    rows = [*taught.rows, taught.stranger, _too_long(taught.stranger)]
    with Ledger(folder, model=engine.model, sampling=engine.sampling) as ledger:
        how = ModelSettings(max_retries=1)
        out = tuple(write_with_model(rows, engine, taught.check, how, ledger))
        return Run(folder, out, ledger.counts())


def _too_long(row: Row) -> Row:
    """Return a row whose prompt is longer than the model's context."""
    named = row.trace[0].entities[0]
    entities = tuple(
        EntityRef(e.id, "endless " * 5_000, e.category) if e.id == named else e
        for e in row.entities
    )
    return replace(row, id=f"{row.id}-long", entities=entities, verdict=ACCEPTED)


def test_what_the_model_has_learned_passes_the_checker_and_is_kept(
    run: Run, taught: Taught
) -> None:
    by_id = {row.id: row for row in run.out if isinstance(row, Row)}
    for row in taught.rows:
        kept = by_id[row.id]
        assert kept.provenance.writer == "model"
        assert kept.provenance.model == str(taught.folder)
        assert kept.verdict.accepted
        assert kept.question == row.question
        assert [step.text for step in kept.trace] == [step.text for step in row.trace]
    assert run.counts["outcomes"]["kept"] >= len(taught.rows)


def test_nonsense_does_not_get_through_and_the_template_stands_in(run: Run, taught: Taught) -> None:
    (row,) = (row for row in run.out if row.id == taught.stranger.id)
    assert isinstance(row, Row)
    assert row.provenance.writer == "template"
    assert row.question == taught.stranger.question


def test_a_prompt_that_is_too_long_costs_that_row_only(run: Run) -> None:
    assert run.counts["wordings"]["engine_refused"] == 1
    assert run.counts["outcomes"] == {"kept": LEARNED, "template": 2}
    assert len(run.out) == LEARNED + 2


def test_the_run_folder_alone_gives_the_same_rows(run: Run, taught: Taught, tmp_path: Path) -> None:
    replay = ScriptedEngine(EngineSettings(str(run.folder / "completions.jsonl")))
    rows = [*taught.rows, taught.stranger, _too_long(taught.stranger)]
    with Ledger(tmp_path, model=replay.model, sampling=replay.sampling) as ledger:
        how = ModelSettings(max_retries=1)
        assert tuple(write_with_model(rows, replay, taught.check, how, ledger)) == run.out


def test_an_engine_that_dies_in_mid_run_leaves_what_was_made(
    taught: Taught, tmp_path: Path
) -> None:
    engine = load_engine("vllm", settings(taught.folder))
    assert isinstance(engine, VllmEngine)

    def kill_the_engine(row: Row) -> Verdict:
        for pid in engine.processes:
            os.kill(pid, signal.SIGKILL)
        return taught.check(row)

    rows = [*taught.rows, *(replace(taught.stranger, id=f"kgs:{n}") for n in range(40))]
    how = ModelSettings(max_retries=3, sort_window=1)
    with Ledger(tmp_path, model=engine.model, sampling=engine.sampling) as ledger:
        with pytest.raises(EngineError, match="its engine process died"):
            list(write_with_model(rows, engine, kill_the_engine, how, ledger))
        assert ledger.counts()["requests"]["done"] >= 1
    with Ledger(tmp_path, model=engine.model, sampling=engine.sampling) as ledger:
        assert ledger.counts()["requests"]["done"] >= 1


def test_a_folder_that_vllm_cannot_load_is_one_clear_line(taught: Taught, tmp_path: Path) -> None:
    for file in taught.folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = tmp_path / "config.json"
    config.write_text(config.read_text().replace("Qwen3ForCausalLM", "NoSuchModel"))
    engine = load_engine("vllm", settings(tmp_path))
    with Ledger(tmp_path / "run", model="m", sampling="") as ledger:
        stream = write_with_model(taught.rows, engine, taught.check, ModelSettings(), ledger)
        with pytest.raises(EngineError, match=r"vllm cannot load .*NoSuchModel") as caught:
            next(stream)
    assert "\n" not in str(caught.value)
