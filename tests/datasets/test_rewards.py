"""Only the right answer, given alone, earns a reward."""

import subprocess
import sys

import pytest

from kgsynth.datasets.rewards import answer_reward, format_reward, normalize

MODE = ("Autosomal recessive inheritance", ("Autosomal recessive", "Recessive inheritance"))
VESSELS = ("Attenuation of retinal blood vessels", ("Attenuated retinal vessels",))
GENE = ("LTBP3", ("latent transforming growth factor beta binding protein 3",))
DUP = ("Hemophilia A", ("Factor VIII deficiency",))
SJOGREN = ("Sjögren-Larsson syndrome", ("FALDH deficiency",))


def reward(completion: object, truth: tuple[str, tuple[str, ...]]) -> float:
    return answer_reward([completion], answer=[truth[0]], aliases=[list(truth[1])])[0]


@pytest.mark.parametrize(
    ("completion", "truth"),
    [
        ("autosomal recessive inheritance", MODE),
        ("The first disorder is SCN4A-related.\n\nAnswer: autosomal recessive", MODE),
        ("Autosomal-recessive.", MODE),
        ("**Answer:** Autosomal recessive inheritance", MODE),
        ("So the final answer is: *autosomal recessive*.", MODE),
        ("It is recessive", MODE),
        ("thus $\\boxed{\\text{Autosomal recessive}}$", MODE),
        ("<think>dominant? no</think>\nautosomal recessive", MODE),
        ("Answer: attenuated retinal vessel", VESSELS),
        ("- Attenuated retinal vessels", VESSELS),
        ("The attenuation of the retinal blood vessels", VESSELS),
        ("LTBP3 (latent transforming growth factor-β-binding protein 3)", GENE),
        ("ltbp3", GENE),
        ("Sjogren Larsson syndrome", SJOGREN),
        ("Answer: A?", ("A", ())),
        ([{"role": "assistant", "content": "Reasoning.\nAnswer: LTBP3"}], GENE),
        ([{"role": "assistant", "content": [{"type": "text", "text": "LTBP3"}]}], GENE),
        ("\u200bLTBP3\u200b\n\n  \n", GENE),
        ("Answer: autosomal recessive\nAnswer: Autosomal recessive inheritance", MODE),
    ],
)
def test_the_right_answer_is_rewarded_however_it_is_spelled(
    completion: object, truth: tuple[str, tuple[str, ...]]
) -> None:
    assert reward(completion, truth) == 1.0


@pytest.mark.parametrize(
    ("completion", "truth"),
    [
        ("", MODE),
        ("\n \n", MODE),
        ("autosomal dominant", MODE),
        ("not autosomal recessive", MODE),
        ("autosomal recessive or autosomal dominant", MODE),
        ("autosomal dominant, autosomal recessive", MODE),
        ("Answer: dominant\nAnswer: autosomal recessive", MODE),
        ("1. autosomal dominant\n2. autosomal recessive", MODE),
        ("- autosomal dominant\n- autosomal recessive", MODE),
        ("autosomal recessive (autosomal dominant)", MODE),
        ("autosomal recessive\nor perhaps dominant", MODE),
        ("The disorder is inherited in an autosomal recessive or a dominant manner", MODE),
        ("<think>autosomal recessive", MODE),
        ("LTBP3/FBN1", GENE),
        ("FBN1", GENE),
        ("LTBP", GENE),
        ("hemophilia", DUP),
        ("Hemophilia B", DUP),
        ("vessels", VESSELS),
        (" ".join(["autosomal recessive"] * 5000), MODE),
        ("Answer: " * 500 + "autosomal recessive", MODE),
        ("\ud800\x00", MODE),
        ([], MODE),
        ([{"role": "assistant", "content": None}], MODE),
        ([{"role": "assistant"}], MODE),
        ({}, MODE),
        (None, MODE),
        (7, MODE),
        ("***", MODE),
        ("Answer:", MODE),
        ("", ("", ())),
    ],
)
def test_anything_else_earns_nothing(
    completion: object, truth: tuple[str, tuple[str, ...]]
) -> None:
    assert reward(completion, truth) == 0.0


@pytest.mark.parametrize(
    ("given", "earned"),
    [("B", 1.0), ("(B)", 1.0), ("Answer: B) SCN4A", 1.0), ("SCN4A", 1.0),
     ("A", 0.0), ("B) FBN1", 0.0), ("C) SCN4A", 0.0), ("A, B", 0.0)],
)  # fmt: skip
def test_an_option_is_right_by_its_key_or_its_text(given: str, earned: float) -> None:
    assert answer_reward([given], ["SCN4A"], [[]], ["B"]) == [earned]


def test_columns_may_be_absent_or_empty_and_others_are_ignored() -> None:
    assert answer_reward(["SCN4A"], ["SCN4A"], prompts=["?"], trainer_state=None) == [1.0]
    assert answer_reward(["x"], answer=[None], aliases=[None]) == [0.0]  # type: ignore[list-item]


def test_a_short_column_is_an_error_and_not_a_reward() -> None:
    with pytest.raises(ValueError, match="shorter"):
        answer_reward(["a", "b"], ["a"])


@pytest.mark.parametrize(
    ("completion", "earned"),
    [
        ("Only one disorder has both.\nAnswer: SCN4A", 1.0),
        ("<think>Only one has both.</think>SCN4A", 1.0),
        ([{"role": "assistant", "reasoning_content": "Only one.", "content": "SCN4A"}], 1.0),
        ("SCN4A", 0.0),
        ("Reasoning.\n" + "and so it goes on, " * 20, 0.0),
        ("Reasoning.\n- SCN4A\n- FBN1", 0.0),
        ("", 0.0),
    ],
)
def test_the_format_is_reasoning_and_then_one_short_line(completion: object, earned: float) -> None:
    assert format_reward([completion], answer=["x"]) == [earned]


def test_different_names_stay_different() -> None:
    names = ["Hemophilia A", "Hemophilia B", "Hemophilia", "46,XX", "46,XY", "HRAS", "HRA"]
    assert len({normalize(name) for name in names}) == len(names)


def test_importing_the_rewards_loads_nothing_heavy() -> None:
    code = (
        "import sys, kgsynth.datasets.rewards as r; "
        "print([m for m in ('pydantic','pyarrow','numpy','datasets') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


MEMBERS = [["Fraser syndrome 3", "FRASRS3"], ["Ataxia and deafness"], ["Fraser syndrome"]]


@pytest.mark.parametrize(
    ("given", "earned"),
    [
        ("Answer: Ataxia and deafness, Fraser syndrome and Fraser syndrome 3", 1.0),
        ("So:\nFRASRS3; Fraser syndrome; ataxia and deafness.", 1.0),
        ("**Fraser syndrome 3, the Fraser syndrome & ataxia and deafness**", 1.0),
        ("Fraser syndrome 3 and ataxia and deafness", 0.0),  # one is missing
        ("Fraser syndrome, Fraser syndrome 3, ataxia and deafness, SCN4A", 0.0),  # one too many
        ("Fraser syndrome 3, ataxia, deafness and Fraser syndrome", 0.0),  # not a name of it
        ("Fraser syndrome 3 or ataxia and deafness or Fraser syndrome", 0.0),
        ("", 0.0),
    ],
)
def test_a_list_earns_only_where_it_is_complete(given: str, earned: float) -> None:
    found = answer_reward([given], answer=["unused"], members=[MEMBERS])
    assert found == [earned]
    assert answer_reward([given], answer=["SCN4A"], members=[[]]) == [0.0]


def test_a_long_list_is_well_formed_where_one_long_answer_is_not() -> None:
    names = [[f"combined oxidative phosphorylation deficiency number {i}"] for i in range(10)]
    text = "Ten have it.\nAnswer: " + ", ".join(name for (name,) in names)
    assert format_reward([text], members=[names]) == [1.0]
    assert format_reward([text]) == [0.0]
    assert answer_reward([text], answer=[""], members=[names]) == [1.0]
