"""How the names of an ontology are written inside an English sentence.

Ontologies write every name like a headline ("Ventricular septal defect", "Van der woude
syndrome"); in a sentence a clinician writes "a ventricular septal defect" and "van der Woude
syndrome". This module knows capitals, and the small grammar of lists, numbers and words that
wording and checks share. It knows nothing of the graph.

`mid_sentence(names, corpus)` is what the graph builder calls, once, for the ``phrase`` column.
`awkward(name)` is what the miner asks before it gives a finding as a clue or an answer.
`kgsynth.questions.grammar` adds articles and number.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache

from kgsynth.inverted import in_order
from kgsynth.resources import data_file

_WORD = re.compile(r"[^\W\d_]+")
_WORDS = re.compile(r"([^\W\d_]+)")
_DIGIT = re.compile(r"\d")

#: What follows a person's name: an unknown word before one of these keeps its capital.
_EPONYMOUS = re.compile(r"(?:['’]s?)? (?:syndrome|disease|sign|sequence|anomaly|phenomenon)\b")

#: Endings of made-up medical words, which are never people: "craniofaciofrontodigital".
_MEDICAL = re.compile(
    r"(?:cerebro|oculo|genito|cardio|auriculo|pseudo|tetra|neuro|osteo|tripl).+"
    r"|.{4,}(?:al|ic|oid|ous|ary|cular|osis|asis|itis|[eu]mia|uria|oma|ism|plasia|pathy|trophy|dactyly"
    r"|ploidy|esia|algia|opia|phagia|amelia)"
)

#: Names made for a catalog and not for speech; see `awkward`.
_CATALOG = re.compile(
    r"[:/()\[\];,%<>=+]|^(?:Abnormal(?:ity)?|Anomal(?:y|ies)|Deviation|Phenotyp\w+) (?:of|in)\b"
    r"|^Abnormal\b.*\b(?:morphology|physiology|function|level|concentration|activity|number)\b"
    r"|\b(?:concentration|proportion of|activity in|positivity|cultured fibroblasts)\b"
    r"|\b(?:morphology|physiology|abnormality|abnormalities|finding)$|\btest\b|\bin blood\b"
    r"|^E[EMC]G\b|\b[Dd]eath\b|[Ss]tillbirth|demise|lethality|section$|phenotype$|agent$"
    r"|for gestational age|^Regional\b|experience of reality|involving bones\b|cognitive process"
)
_LONGEST_NAME = 60

#: What a question can ask within, although it is a catalog's name for a group.
_CLASS = re.compile(r"[Aa]bnormality of (?:the )?[\w\s-]+|[\w\s-]+ (?:abnormality|anomaly)")
LONGEST_CLASS = 45

#: People whose names are common words, behind a hyphen, and what there is nobody's name.
_SECOND_NAMES = frozenset({"Fisher", "Fu", "Hall", "Pick", "Tooth", "White", "Winter"})
_NO_NAMES = frozenset({"like", "linked", "related", "tsubo", "type"})

#: Blanks beside a hyphen that joins: "arthrogryposis- oculomotor", "aniridia - deafness", but not
#: "hypo- and hypermelanotic" or "multiple types - GATA4".
_STRAY = re.compile(r"(?<=[a-z]{4})(?: - |- (?!(?:and|or|to)\b))(?=[A-Z]?[a-z]{2})")

_PARTICLES = frozenset({"Van", "Von", "De", "Den", "Der"})
_PREFIXES = frozenset({"anti", "non", "post", "pre", "pseudo", "para"})

#: A gene at the beginning, as a sentence would begin it: "Six2-related", "tmem199-CDG".
_GENE = re.compile(r"[A-Za-z]+\d+(?:[A-Za-z]\d*)?(?=-(?:related|associated|CDG)\b)")

_LYMPHOCYTE = re.compile(r"\b[bt](?=[- ]cell)")
_ROMAN = re.compile(r"[IVX]+[A-Z]?")


@cache
def _proper() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return words to restore, words to keep (both by casefold), and beginnings of names."""
    table = tomllib.loads(data_file("templates", "words", "proper.toml").read_text("utf-8"))
    restored = {word.casefold(): word for word in table["restored"]}
    kept = {word.casefold(): word for word in table["kept"]}
    listed = table["beginnings"]
    # People joined by a hyphen are never ordinary words, so that case does not tell.
    joined = {name.casefold(): text for name, text in listed.items() if "-" in name}
    return restored, kept, joined | listed


@cache
def _openings() -> frozenset[str]:
    """Return the first words of the names that are listed as a whole."""
    return frozenset(name.partition(" ")[0] for name in _proper()[2])


class _Apart(dict[int, int]):
    """Maps letters and digits to themselves, all else to a blank; several times a regex's speed."""

    def __missing__(self, point: int) -> int:
        found = self[point] = point if chr(point).isalnum() else 32
        return found


_APART = _Apart()


def words(text: str) -> list[str]:
    """Return the words of a text, lower case: what both wording and checks compare.

    Example:
        >>> words("Charcot-Marie-Tooth disease, type 2A")
        ['charcot', 'marie', 'tooth', 'disease', 'type', '2a']
    """
    return text.casefold().translate(_APART).split()


def awkward(name: str) -> bool:
    """Whether a clinician would not say this name as it stands, so that no question should.

    Catalog names for groups ("Abnormal heart morphology", "Abnormality of the dentition"),
    laboratory formulas ("Elevated circulating ornithine concentration"), names with colons,
    slashes, commas or parentheses, names of more than 60 characters, and what no living patient
    presents with ("Death in infancy").

    Example:
        >>> [awkward(n) for n in ("Abnormal heart morphology", "Abnormal heart sound", "Ptosis")]
        [True, False, False]
    """
    return len(name) > _LONGEST_NAME or _CATALOG.search(name) is not None


def abnormality(spellings: Sequence[str]) -> str:
    """Return the spelling by which a question can ask within a class of findings, or "".

    "Abnormal rib morphology" is also called "Abnormality of the ribs", and "which abnormality of
    the ribs" is a natural question. The first spelling is taken if it is one; else the shortest,
    with "of the" where there is one.

    Args:
        spellings: The name of the class, then its synonyms.

    Example:
        >>> abnormality(["abnormal rib morphology", "rib anomaly", "abnormality of the ribs"])
        'abnormality of the ribs'
    """
    first, *others = spellings
    if _is_class(first):
        return first
    named = [text for text in others if _is_class(text)]
    return min(named, key=lambda text: ("lity of the " not in text, len(text)), default="")


def _is_class(text: str) -> bool:
    return (
        len(text) <= LONGEST_CLASS
        and _CLASS.fullmatch(text) is not None
        and not text.endswith(("morphology", "physiology", "homeostasis", "regulation"))
    )


def mid_sentence(names: Sequence[str], corpus: Iterable[str] = ()) -> list[str]:
    """Return each name as it is written inside a sentence; hardly more than case changes.

    A capitalised word becomes lower case, unless it is a person, a place, a species, an
    abbreviation, a formula or a Roman numeral. Known ones lie in ``templates/words/proper.toml``;
    for the rest the corpus decides: a word that it also spells in lower case is no proper noun.

    Args:
        names: Names of entities, in any order; gene symbols pass through unchanged.
        corpus: Texts in ordinary spelling, such as definitions and synonyms.

    Returns:
        One phrase for each name, in the same order; commas and semicolons at the end are left out,
        and stray blanks beside a hyphen.

    Example:
        >>> mid_sentence(["Positive Babinski sign", "EEG abnormality", "Leigh syndrome", "SCN4A"])
        ['positive Babinski sign', 'EEG abnormality', 'Leigh syndrome', 'SCN4A']
        >>> mid_sentence(["Van der woude syndrome 2", "HYPERLEXIA"])
        ['van der Woude syndrome 2', 'hyperlexia']
    """
    ordinary = frozenset(" ".join(corpus).split())
    memory: dict[str, str] = {}
    return [_phrase(name, ordinary, memory) for name in names]


def _phrase(name: str, ordinary: frozenset[str], memory: dict[str, str]) -> str:
    """Return one name as written inside a sentence."""
    name = name.rstrip(" ;,")
    if "- " in name:
        name = _STRAY.sub("-", name)
    gene = _GENE.match(name)
    beginning = gene[0].upper() if gene else _beginning(name)
    shouted = name.isupper() and (" " in name or (len(name) > 7 and not _DIGIT.search(name)))
    parts = _WORDS.split(name[len(beginning) :])  # what lies between words, and words, in turn
    before = beginning
    for at in range(1, len(parts), 2):
        word = parts[at]
        if at == 1 and not parts[0] and not beginning:
            before = _first(word, name, ordinary)
        elif parts[at - 1] == "-" and before[:1].isupper() and _known(before):
            before = _second(word, before, ordinary)
        elif shouted:
            before = _shouted(word)
        elif word.istitle() and parts[at + 1] == "-" and _is_person(parts[at + 2]):
            before = word
        else:
            before = memory.get(word) or memory.setdefault(word, _later(word, ordinary))
        parts[at] = before
    text = beginning + "".join(parts)
    if ", " in text:
        text = in_order(text)
    if "cell" not in text:
        return text
    return _LYMPHOCYTE.sub(lambda match: match[0].upper(), text)


def _beginning(name: str) -> str:
    """Return the spelled beginning of a name that is listed as a whole, or ""."""
    beginnings, opening = _proper()[2], name.partition(" ")[0]
    if opening not in _openings() and ("-" not in opening or opening.lower() not in _openings()):
        return ""
    parts = name.split(" ", 2)
    if len(parts) < 2:
        return ""
    two = f"{parts[0]} {parts[1].rstrip(',')}"
    return beginnings.get(two) or (beginnings.get(two.casefold(), "") if "-" in two else "")


def _first(word: str, name: str, ordinary: frozenset[str]) -> str:
    """Return the first word of a name as written inside a sentence."""
    after = name[len(word) : len(word) + 1]
    if word in _PARTICLES and after == " ":
        return word.lower()
    spelled = _known(word)
    if spelled:
        return spelled
    if word.isupper() and len(word) > 1:
        return _shouted(word) if name.isupper() and name != word else _loud(word)
    if not word[1:].islower() or (after.isdigit() and len(word) < 5):
        return word
    if _joins_people(word, name, ordinary):
        return word[:1].upper() + word[1:]
    unknown = word.lower() not in ordinary and not _MEDICAL.fullmatch(word)
    return word if unknown and _EPONYMOUS.match(name, len(word)) else word.lower()


def _loud(word: str) -> str:
    """Return a first word in capitals: an acronym, or a disease all in capitals."""
    return word.lower() if len(word) > 7 else word


def _joins_people(word: str, name: str, ordinary: frozenset[str]) -> bool:
    """Whether a hyphen and a person follow: "Hall" in "Hall-Riggs", "Al" in "Al-Gazali".

    Of two unknown words the second one's capital shows that both are people: "Compton-North".
    """
    end = len(word)
    if name[end : end + 1] != "-" or word.lower() in _PREFIXES:
        return False
    match = _WORD.match(name, end + 1)
    if match is None:
        return False
    if word[0].isupper() and _is_person(match[0]):
        return True
    other, known = match[0], _known(match[0])
    if _is_plain(word, ordinary) or _is_plain(other, ordinary):
        return False
    if word[0].isupper():
        return other.istitle()
    return (known or other).istitle() and _EPONYMOUS.match(name, match.end()) is not None


def _is_person(word: str) -> bool:
    return word.istitle() and bool(_known(word))


def _is_plain(word: str, ordinary: frozenset[str]) -> bool:
    """Whether a word is no name: spelled in lower case elsewhere, or made as medicine does."""
    return word.lower() in ordinary or _MEDICAL.fullmatch(word.lower()) is not None


def _second(word: str, before: str, ordinary: frozenset[str]) -> str:
    """Return a word that a hyphen joins to a person: "Tooth" in "Charcot-Marie-Tooth"."""
    if word[0].isupper():
        return _known(word) or word
    title = word.capitalize()
    unknown = len(word) > 3 and word not in _NO_NAMES and not _is_plain(word, ordinary)
    unknown = unknown and len(before) > 3 and before.istitle()
    return title if unknown or _known(title) or title in _SECOND_NAMES else word


def _shouted(word: str) -> str:
    """Return a word of a name that is all in capitals."""
    spelled = _known(word)
    return spelled or (word if len(word) < 4 or _ROMAN.fullmatch(word) else word.lower())


def _later(word: str, ordinary: frozenset[str]) -> str:
    """Return a word that is not the first of its name as written inside a sentence."""
    spelled = _known(word)
    if spelled:
        return spelled
    if len(word) > 3 and word[0].isupper() and word[1:].islower():
        lower = word.lower()
        return lower if lower in ordinary or _MEDICAL.fullmatch(word) else word
    return word


def _known(word: str) -> str:
    """Return the listed spelling of a word, or "" if none applies."""
    restored, kept, _ = _proper()
    folded = word.casefold()
    return restored.get(folded) or (kept.get(folded, "") if word[0].isupper() else "")
