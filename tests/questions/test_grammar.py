"""Articles, plurals, lists and numbers."""

import pytest

from kgsynth.questions.grammar import (
    agree,
    article,
    head_noun,
    join_list,
    number_of,
    number_word,
    with_article,
)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("broad forehead", "a broad forehead"),
        ("low-set ears", "low-set ears"),
        ("fatigue", "fatigue"),
        ("ventricular septal defect", "a ventricular septal defect"),
        ("ptosis", "ptosis"),
        ("diabetes mellitus", "diabetes mellitus"),
        ("rickets", "rickets"),
        ("hypospadias", "hypospadias"),
        ("microphthalmos", "microphthalmos"),
        ("global developmental delay", "global developmental delay"),
        ("increased number of teeth", "an increased number of teeth"),
        ("carious teeth", "carious teeth"),
        ("cone-shaped epiphyses of the 2nd toe", "cone-shaped epiphyses of the 2nd toe"),
        ("renal cyst", "a renal cyst"),
        ("unilateral renal agenesis", "unilateral renal agenesis"),
        ("encephalocele", "an encephalocele"),
        ("neoplasm of the lung", "a neoplasm of the lung"),
        ("hepatocellular carcinoma", "hepatocellular carcinoma"),
        ("inability to walk", "an inability to walk"),
        ("difficulty climbing stairs", "difficulty climbing stairs"),
        ("delayed eruption of teeth", "delayed eruption of teeth"),
        ("patent ductus arteriosus", "a patent ductus arteriosus"),
        ("Peters anomaly", "Peters anomaly"),
        ("Dandy-Walker malformation", "a Dandy-Walker malformation"),
        ("urogenital sinus anomaly", "a urogenital sinus anomaly"),
        ("generalized tonic seizure", "a generalized tonic seizure"),
        ("waddling gait", "a waddling gait"),
        ("chronic kidney disease", "chronic kidney disease"),
        ("Wolff-Parkinson-White syndrome", "Wolff-Parkinson-White syndrome"),
        ("nephrotic syndrome", "nephrotic syndrome"),
        ("attention deficit hyperactivity disorder", "attention deficit hyperactivity disorder"),
        ("lymphoproliferative disorder", "a lymphoproliferative disorder"),
        ("Bell's palsy", "Bell's palsy"),
        ("ears rotated toward back of head", "ears rotated toward back of head"),
        ("abnormal light- and dark-adapted cry", "an abnormal light- and dark-adapted cry"),
    ],
)
def test_findings_take_the_article_that_a_clinician_gives_them(phrase: str, said: str) -> None:
    assert with_article(phrase) == said


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("unusual gait", "an"),
        ("uniform pattern", "a"),
        ("uterine fibroid", "a"),
        ("umbilical hernia", "an"),
        ("U-shaped lip", "a"),
        ("MRI sign", "an"),
        ("EEG", "an"),
        ("CT sign", "a"),
        ("hourglass shape", "an"),
    ],
)
def test_the_indefinite_article_follows_the_sound(phrase: str, said: str) -> None:
    assert article(phrase) == said


def test_the_head_noun_stands_before_the_first_preposition() -> None:
    assert head_noun("hypoplasia of the corpus callosum") == "hypoplasia"
    assert head_noun("apneic episodes in infancy") == "episodes"
    assert number_of("apneic episodes in infancy") == "many"


def test_verbs_agree_with_one_many_and_several_findings() -> None:
    assert agree(["ptosis"], "is", "are") == "is"
    assert agree(["low-set ears"], "is", "are") == "are"
    assert agree(["ptosis", "fatigue"], "is", "are") == "are"


def test_a_list_has_a_last_comma_only_where_an_item_holds_and() -> None:
    assert join_list([]) == ""
    assert join_list(["ptosis"]) == "ptosis"
    assert join_list(["ptosis", "fatigue"], "or") == "ptosis or fatigue"
    assert join_list(["a", "hearing and sight loss", "b"]) == "a, hearing and sight loss, and b"


def test_numbers_are_words_up_to_twenty() -> None:
    assert [number_word(n) for n in (1, 12, 20, 21, 1016)] == [
        "one",
        "twelve",
        "twenty",
        "21",
        "1,016",
    ]
