"""Words of a user's own, and English for relations and classes that no table has words for."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgsynth import vocabulary
from kgsynth.checks.relations import said_in
from kgsynth.cli import run
from kgsynth.errors import UsageError
from kgsynth.questions.relations import a_kind_of, verb_of
from kgsynth.verbs import kind_forms, reads_back, relation_forms
from kgsynth.vocabulary import read_words

PATH = 'path = "?d1:Disease <-gene_associated_with_condition- ?g:Gene"'
OWN = f"""
[words.nouns]
Gene = ["locus", "loci"]
[words.relations.gene_associated_with_condition]
out = ["is tied to", "are tied to"]
back = ["hangs on", "hang on"]
[chain-own]
{PATH}
question = ["Which locus does it hang on?"]
"""


@pytest.fixture(autouse=True)
def _plain() -> Iterator[None]:
    yield
    vocabulary.speak("")


@pytest.mark.parametrize(
    ("name", "out", "back"),
    [
        ("inhibits", "inhibits", "is inhibited by"),
        ("positively_regulated_by", "is positively regulated by", "positively regulates"),
        ("has_active_site", "has the active site", "is an active site of"),
        ("target_of", "is a target of", "has the target"),
        ("expressed_in", "is expressed in", "expresses"),
        ("may_treat", "may treat", "may be treated by"),
        ("coexpressed_with", "is coexpressed with", "is coexpressed with"),
        ("indication", "has the indication", "is an indication of"),
    ],
)
def test_a_relation_is_said_by_the_shape_of_its_name(name: str, out: str, back: str) -> None:
    forms = relation_forms(name)
    assert (forms["out"][0], forms["back"][0]) == (out, back)


def test_what_has_no_way_back_says_so() -> None:
    assert not reads_back(relation_forms("enriched_in"))
    assert reads_back(relation_forms("treated_by"))


def test_a_class_keeps_its_acronyms() -> None:
    assert kind_forms("RNAProduct") == ("RNA product", "RNA products")
    assert kind_forms("ClinicalTherapy") == ("clinical therapy", "clinical therapies")


def test_own_words_go_before_those_of_kgsynth_and_are_read_back() -> None:
    vocabulary.speak(OWN)
    assert a_kind_of("Gene") == "a locus"
    assert verb_of("gene_associated_with_condition", inverse=True, also=True) == "also hangs on"
    (readings,) = said_in("this disorder hangs on it")
    assert [(r.predicate, r.turned) for r in readings] == [("gene_associated_with_condition", True)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[words]\nverbs = 1", 1),
        ('[words.nouns]\nGene = "locus"', 2),
        ('[words.nouns]\nGene = ["locus", ""]', 2),
        ('[words.relations]\ncauses = { out = ["a", "b"] }', 2),
        (f'[chain-own]\n{PATH}\nquestion = "no question"', 3),
        (f"[chain-own]\n{PATH}\nquestion = 5", 3),
    ],
)
def test_wrong_words_are_refused_with_their_line(text: str, line: int) -> None:
    with pytest.raises(UsageError, match=rf"^mine\.toml:{line}: "):
        read_words(text, "mine.toml")


def test_generate_asks_in_own_words_and_check_reads_them(
    default_graph: Path, tmp_path: Path
) -> None:
    own, out = tmp_path / "mine.toml", tmp_path / "run"
    own.write_text(OWN)
    words = ["generate", "--graph", str(default_graph), "--hops", "2", "-n", "4"]
    assert run([*words, "--template", str(own), "--out", str(out), "--processes", "1"]) == 0
    lines = "".join(file.read_text() for file in out.glob("dataset/*.jsonl")).splitlines()
    rows = [json.loads(line) for line in lines]
    assert len(rows) == 4
    assert all(row["question"].endswith("Which locus does it hang on?") for row in rows)
    vocabulary.speak("")
    assert run(["check", str(out), "--graph", str(default_graph), "--processes", "1"]) == 0
