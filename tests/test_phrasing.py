"""Names as they stand inside a sentence."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsynth.phrasing import abnormality, awkward, mid_sentence, words

#: Texts that spell ordinary words in lower case, as definitions do.
CORPUS = ["a ventricular defect of the heart", "sound of the stings", "muscular dystrophy"]


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("Ventricular septal defect", "ventricular septal defect"),
        ("Babinski sign", "Babinski sign"),
        ("Positive Romberg sign", "positive Romberg sign"),
        ("EEG abnormality", "EEG abnormality"),
        ("Wormian bones", "Wormian bones"),
        ("Y-linked inheritance", "Y-linked inheritance"),
        ("X-linked recessive inheritance", "X-linked recessive inheritance"),
        ("Elevated hemoglobin A1c", "elevated hemoglobin A1c"),
        ("Brushfield spots", "Brushfield spots"),
        ("U-shaped upper lip vermilion", "U-shaped upper lip vermilion"),
        (
            "Charcot-Marie-Tooth disease, axonal, type 2P",
            "axonal Charcot-Marie-Tooth disease type 2P",
        ),
        ("Ciliary dyskinesia, primary, 36, X-linked", "X-linked primary ciliary dyskinesia 36"),
        ("epilepsy, hearing loss, and mental retardation syndrome", None),
        ("urban-Rogers-Meyer syndrome", "Urban-Rogers-Meyer syndrome"),
        ("Six2-related frontonasal dysplasia", "SIX2-related frontonasal dysplasia"),
        ("CCDC115-CDG", "CCDC115-CDG"),
        ("Charcot-marie-tooth disease", "Charcot-Marie-Tooth disease"),
        ("Van der woude syndrome 2", "van der Woude syndrome 2"),
        ("Niemann-pick disease, type C2", "Niemann-Pick disease type C2"),
        ("Down syndrome", "Down syndrome"),
        ("Downslanted palpebral fissures", "downslanted palpebral fissures"),
        ("Wolff-Parkinson-White syndrome", None),
        (
            "Anti-Treponema pallidum antibody positivity",
            "anti-Treponema pallidum antibody positivity",
        ),
        ("Oculofaciocardiodental syndrome", "oculofaciocardiodental syndrome"),
        ("Joubert syndrome 28", None),
        ("Mccune-albright syndrome", "McCune-Albright syndrome"),
        ("Nf1-microdeletion syndrome", "NF1-microdeletion syndrome"),
        ("46,xy sex reversal 9", "46,XY sex reversal 9"),
        ("ABETALIPOPROTEINEMIA", "abetalipoproteinemia"),
        ("DEAFNESS, Y-LINKED 2", "Y-linked deafness 2"),
        ("Osteogenesis imperfecta, type XIII", "osteogenesis imperfecta type XIII"),
        ("Immunodeficiency with t-cell defects", "immunodeficiency with T-cell defects"),
        ("Chromosome breakage syndrome;", "chromosome breakage syndrome"),
        ("Compton-North congenital myopathy", None),
        ("letterer-Siwe disease", "Letterer-Siwe disease"),
        ("mueller-weiss syndrome", "Mueller-Weiss syndrome"),
        ("warburg-cinotti syndrome", "Warburg-Cinotti syndrome"),
        ("Wolfram-like syndrome", None),
        ("Rh-null disease, amorph type", "amorph-type Rh-null disease"),
        ("glutaryl-CoA dehydrogenase deficiency", None),
        ("Graham Little-Piccardi-Lassueur syndrome", None),
        ("silver-russell syndrome 2", "Silver-Russell syndrome 2"),
        ("Ataxia- deafness syndrome", "ataxia-deafness syndrome"),
        ("alopecia - contractures - dwarfism syndrome", "alopecia-contractures-dwarfism syndrome"),
        ("hypo- and hypermelanotic macules", None),
        ("multiple types - GATA4", None),
        ("SCN4A", "SCN4A"),
    ],
)
def test_only_people_places_and_abbreviations_keep_their_capitals(
    name: str, phrase: str | None
) -> None:
    assert mid_sentence([name], CORPUS) == [phrase or name]


def test_a_name_keeps_its_letters_whatever_their_case() -> None:
    names = [
        "Leigh Syndrome",
        "GRACILE syndrome",
        "Æther-like İstanbul disease",
        "",
        "3-M syndrome",
    ]
    for name, said in zip(names, mid_sentence(names, CORPUS), strict=True):
        assert said.casefold() == name.casefold()


def test_an_unknown_name_before_syndrome_stays_capitalised() -> None:
    assert mid_sentence(["Zorblatt syndrome", "Zorblatt of the foot"]) == [
        "Zorblatt syndrome",
        "zorblatt of the foot",
    ]


def test_forty_thousand_names_take_under_two_seconds() -> None:
    names = [f"Ventricular septal defect {i}" for i in range(40_000)]
    start = time.perf_counter()
    mid_sentence(names, CORPUS)
    assert time.perf_counter() - start < 2  # 0.15 s on a quiet core


@pytest.mark.parametrize(
    "name",
    [
        "Abnormality of the dentition",
        "Abnormal heart morphology",
        "Reduced circulating leptin concentration",
        "Elevated circulating creatine kinase concentration",
        "Ptosis, bilateral",
        "EMG: myopathic abnormalities",
        "Aplasia/Hypoplasia of the thumb",
        "Febrile seizure (within the age range of 3 months to 6 years)",
        "Death in infancy",
        "Anti-citrullinated protein antibody positivity",
        "x" * 61,
    ],
)
def test_names_made_for_a_catalog_are_awkward(name: str) -> None:
    assert awkward(name)


@pytest.mark.parametrize(
    "name",
    ["Ptosis", "Abnormal heart sound", "Rod-cone dystrophy", "Pear-shaped nose"],
)
def test_names_that_clinicians_say_are_not_awkward(name: str) -> None:
    assert not awkward(name)


def test_a_class_is_asked_for_as_an_abnormality_where_a_synonym_says_so() -> None:
    spellings = ["abnormal lip morphology", "abnormal lip", "lip abnormality"]
    assert abnormality([*spellings, "abnormality of the lip"]) == "abnormality of the lip"
    assert abnormality(spellings) == "lip abnormality"
    assert abnormality(["seizure"]) == ""


def test_words_split_at_everything_but_letters_and_digits() -> None:
    assert words("GLA-deficiency (α_2), Type 2A") == ["gla", "deficiency", "α", "2", "type", "2a"]


@given(st.text())
def test_words_are_what_a_regular_expression_finds(text: str) -> None:
    assert words(text) == re.findall(r"[^\W_]+", text.casefold())


@pytest.mark.parametrize(
    ("inverted", "said"),
    [
        ("Rhabdomyosarcoma, embryonal, 2", "embryonal rhabdomyosarcoma 2"),
        (
            "Myopathy, congenital, with diaphragmatic defects, respiratory insufficiency, and "
            "dysmorphic facies",
            "congenital myopathy with diaphragmatic defects, respiratory insufficiency, and "
            "dysmorphic facies",
        ),
        (
            "Leukodystrophy, demyelinating, adult-onset, autosomal dominant, typical",
            "typical autosomal dominant adult-onset demyelinating leukodystrophy",
        ),
        (
            "Anemia, nonspherocytic hemolytic, due to G6PD deficiency",
            "nonspherocytic hemolytic anemia due to G6PD deficiency",
        ),
        (
            "Spondylometaphyseal dysplasia, Kozlowski type",
            "Kozlowski-type spondylometaphyseal dysplasia",
        ),
        ("Neurodevelopmental disorder with hypotonia, and seizures",) * 2,
        ("sweet syndrome", "Sweet syndrome"),
    ],
)
def test_an_inverted_name_is_said_in_order(inverted: str, said: str) -> None:
    names = ["hypotonia", "seizures", "disorder", "dysplasia", "type", "myopathy", "anemia"]
    assert mid_sentence([inverted], names)[0].casefold() == said.casefold()
