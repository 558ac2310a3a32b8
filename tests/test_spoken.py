"""Findings are said with the articles and in the number that a clinician gives them."""

import pytest

from kgsynth.spoken import spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("irregular hyperpigmentation of back", "irregular hyperpigmentation of the back"),
        ("agenesis of maxillary lateral incisor", "agenesis of the maxillary lateral incisor"),
        ("clubbing of fingers", "clubbing of the fingers"),
        ("camptodactyly of finger", "camptodactyly of the fingers"),
        ("ringing in ears", "ringing in the ears"),
        ("rise in pressure inside skull", "rise in pressure inside the skull"),
        (
            "loss of subcutaneous adipose tissue in limbs",
            "loss of subcutaneous adipose tissue in the limbs",
        ),
        ("spinous keratoses of palms and soles", "spinous keratoses of the palms and soles"),
    ],
)
def test_a_part_of_the_body_has_its_article(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("highly arched eyebrow", "highly arched eyebrows"),
        (
            "bilateral tonic-clonic seizure with focal onset",
            "bilateral tonic-clonic seizures with focal onset",
        ),
        ("short distal phalanx of finger", "short distal phalanges of the fingers"),
        ("absent Achilles reflex", "absent Achilles reflexes"),
        ("Seizure", "Seizures"),
    ],
)
def test_what_hardly_ever_comes_alone_is_said_in_the_plural(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    "name",
    [
        "Paget disease of bone",
        "hypoplasia of the corpus callosum",
        "weakness of one side of the body",
        "inability to puff cheeks",
        "short middle phalanx of the 5th finger",
        "unilateral ptosis of one eyelid",
        "polydactyly affecting the 3rd finger",
        "split hand",
        "glue ear",
        "abnormality of facial expression",
        "fatigue",
        "",
    ],
)
def test_what_is_said_already_stays(name: str) -> None:
    assert spoken(name) == name


def test_what_is_said_is_said_the_same_again() -> None:
    for name in ("irregular hyperpigmentation of back", "Highly arched eyebrow", "macule"):
        assert spoken(spoken(name)) == spoken(name)
