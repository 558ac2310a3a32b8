"""The words for the entities of one graph: how each is said, asked within, and given away.

Whatever a lexicon returns as a name is one of the graph's `surfaces` of that entity (the case of
the first letter aside), so that the checker can find it again in the text.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache, cached_property
from typing import NamedTuple

import pyarrow.compute as pc

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo, once_each
from kgsynth.phrasing import LONGEST_CLASS, abnormality, awkward, mid_sentence, words
from kgsynth.questions.grammar import head_noun, join_list, number_of, sentence, with_article
from kgsynth.resources import data_file
from kgsynth.spoken import spoken

#: Rule L: a word is distinctive in a category when at most so many names of it have the word …
DISTINCTIVE_MOST = 100
#: … and it has at least so many letters.
DISTINCTIVE_LETTERS = 5

#: Words that ask for a mode of inheritance and may so stand in the name of one.
_ASKING = frozenset({"inheritance", "inherited", "mode", "pattern"})

#: A synonym stands for an inverted name if it has more than this share of all their words.
_MOST_SHARED = 0.6
#: What is one thing although the part of the body is one of several: "horseshoe kidney".
_LONE = re.compile(r"\b(?:horseshoe|pelvic|single|solitary|supernumerary|unilateral|accessory)\b")
#: Homely names of classes, which no clinician asks within.
_HOMELY = re.compile(r"\b(?:sinews?|soft spot)\b|^abnormal shape of\b", re.IGNORECASE)
_CATALOG_DISEASE = re.compile(r"caused by|mutation|mental retardation|[()/:;]|[A-Z]{2}", re.ASCII)


@cache
def _several() -> frozenset[str]:
    """Return head nouns that a clinician says in the plural where a synonym does."""
    table = tomllib.loads(data_file("templates", "words", "nouns.toml").read_text("utf-8"))
    return frozenset(table["several"].split())


class Secrets(NamedTuple):
    """What gives an entity away in a stem.

    Attributes:
        words: Names of one word, and distinctive words of its names.
        names: Names of several words without any of these, in lower case.
    """

    words: frozenset[str]
    names: tuple[str, ...]


class Lexicon:
    """The names of one graph's entities as they stand in a sentence. Get one with `lexicon`."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._said: Memo[str, str] = Memo(self._choose)
        self._found: Memo[str, str] = Memo(lambda curie: with_article(self._said[curie]))
        self._folded: Memo[str, str] = Memo(lambda curie: self._said[curie].casefold())
        self._class: dict[str, str] = {}
        self._secret: Memo[str, Secrets] = Memo(self._find_secrets)
        self._all_words: Memo[str, frozenset[str]] = Memo(self._find_words)

    def say(self, curie: str) -> str:
        """Return an entity's name inside a sentence, without an article."""
        return self._said[curie]

    def find(self, curie: str) -> str:
        """Return a finding as it stands after "with": "a broad forehead", "fatigue"."""
        return self._found[curie]

    def named(self, curie: str) -> str:
        """Return an entity as it stands alone in a sentence: a finding with its article."""
        node = self._graph.index_of(curie)
        finding = self._graph.category_of(node) == "PhenotypicFeature"
        return self.find(curie) if finding else self.say(curie)

    def finds(self, curies: Sequence[str], word: str = "and") -> str:
        """Return findings as an English list with their articles."""
        found = self._found
        return join_list([found[curie] for curie in curies], word)

    def _choose(self, curie: str) -> str:
        surfaces = self._graph.surfaces(curie)
        category = self._graph.category_of(self._graph.index_of(curie))
        if category == "PhenotypicFeature":
            return _plural(surfaces) or surfaces[0]
        return _straight(surfaces) if category == "Disease" else surfaces[0]

    def class_of_findings(self, curie: str) -> str:
        """Return what a question asks for: "abnormality of the ribs", "kind of seizure"."""
        said = self._class.get(curie)
        if said is None:
            said = self._class[curie] = _asked(self._graph.surfaces(curie))
        return said

    def means_finding(self, curie: str) -> bool:
        """Whether an entity is called what a finding is called too: "atopic eczema"."""
        return self._folded[curie] in self._finding_names

    def folded(self, curie: str) -> str:
        """Return an entity's name by which two are compared, whatever their capitals."""
        return self._folded[curie]

    def prepare(self) -> None:
        """Make now what is otherwise made when it is first asked for."""
        _ = self._finding_names, self._names_with

    @cached_property
    def _finding_names(self) -> frozenset[str]:
        graph = self._graph
        finding = pc.equal(graph.column("category"), "PhenotypicFeature")
        names = graph.column("name").filter(finding).to_pylist()
        others = pc.list_flatten(graph.column("synonyms").filter(finding)).to_pylist()
        return frozenset(text.casefold() for text in (*names, *others))

    # ---- what would give an entity away ------------------------------------------------------

    @cached_property
    def _names_with(self) -> dict[str, Counter[str]]:
        """How many names of each category have a word."""
        counts: dict[str, Counter[str]] = {}
        names = self._graph.column("name").to_pylist()
        for name, category in zip(names, self._graph.column("category").to_pylist(), strict=True):
            counts.setdefault(category, Counter()).update(set(words(name)))
        return counts

    def secrets(self, curie: str) -> Secrets:
        """Return what gives an entity away; see `Secrets`."""
        return self._secret[curie]

    def _find_secrets(self, curie: str) -> Secrets:
        category = self._graph.category_of(self._graph.index_of(curie))
        often = self._names_with[category]
        names = [words(surface) for surface in self._graph.surfaces(curie)]
        telling = frozenset(
            [
                word
                for word in set[str]().union(*names)
                if len(word) >= DISTINCTIVE_LETTERS and often.get(word, 0) <= DISTINCTIVE_MOST
            ]
        ).union(*(parts for parts in names if len(parts) == 1))
        free = _ASKING if category == "GeneticInheritance" else frozenset()
        # A name that holds a telling word is found by that word.
        rest = {" ".join(parts) for parts in names if parts and telling.isdisjoint(parts)}
        return Secrets(telling - free, tuple(sorted(rest)))

    def leaked(self, text: str, hidden: Sequence[str], exempt: Sequence[str] = ()) -> str:
        """Return a word or name in a text that gives a hidden entity away, or "".

        Args:
            text: The stem.
            hidden: Ids of the answer and of the unnamed intermediates.
            exempt: Ids whose names the question must use: the class it asks within.
        """
        said = words(text)
        free = frozenset[str]().union(*[self._all_words[curie] for curie in exempt])
        present = frozenset(said) - free
        joined = f" {' '.join(said)} "
        for curie in hidden:
            telling, names = self._secret[curie]
            if not telling.isdisjoint(present):
                return min(telling & present)
            for name in names:
                if f" {name} " in joined and not free.issuperset(name.split()):
                    return name
        return ""

    def _find_words(self, curie: str) -> frozenset[str]:
        return frozenset(w for s in self._graph.surfaces(curie) for w in words(s))


@once_each
def lexicon(graph: KnowledgeGraph) -> Lexicon:
    """Return the one lexicon of a graph; it fills as it is used."""
    return Lexicon(graph)


def _plural(surfaces: Sequence[str]) -> str:
    """Return a synonym that says the same in the plural ("Long toe": "long toes"), or ""."""
    phrase = surfaces[0]
    if number_of(phrase) == "many" or head_noun(phrase) not in _several() or _LONE.search(phrase):
        return ""
    stems = _stems(phrase)
    for other in surfaces[1:]:
        if _stems(other) == stems and number_of(said := mid_sentence([other])[0]) == "many":
            return said
    return ""


def _stems(text: str) -> list[str]:
    irregular = {"feet": "foot", "teeth": "tooth", "phalanges": "phalanx", "epiphyses": "epiphysis"}
    plain = [irregular.get(word, word.rstrip("s")) for word in words(text) if word != "the"]
    return [word.removesuffix("ing").removesuffix("ed") for word in plain]


def _straight(surfaces: Sequence[str]) -> str:
    """Return a disease's name without inversion, where a synonym says the same in order.

    "Congenital myopathy 22A, classic" is a catalog entry; "classic congenital myopathy 22A" is a
    name. The synonym keeps the numbers of the name and most of its words.
    """
    phrase = surfaces[0]
    if "," not in phrase:
        return phrase
    wanted = _content(phrase)
    best, name = _MOST_SHARED, phrase
    for other in surfaces[1:]:
        found = _content(other)
        if "," in other or len(found) < 2 or _CATALOG_DISEASE.search(other):
            continue
        if {w for w in wanted ^ found if any(c.isdigit() for c in w)}:
            continue
        shared = len(wanted & found) / len(wanted | found)
        if shared > best:
            best, name = shared, mid_sentence([other])[0]
    return name


def _content(text: str) -> frozenset[str]:
    return frozenset(words(text)) - {"type", "of", "due", "to", "form"}


def _asked(surfaces: Sequence[str]) -> str:
    """Return the best way to ask for a member of a class of findings."""
    usual = [text for text in surfaces if not _HOMELY.search(text)] or list(surfaces)
    phrases = [usual[0], *mid_sentence(usual[1:])]
    known = {phrase.casefold() for phrase in phrases}
    phrases = [_with_articles(phrase, known) for phrase in phrases]
    named = abnormality(phrases)
    if named:
        return named
    short = [p for p in phrases if len(p) <= LONGEST_CLASS]
    plain = [p for p in short if not awkward(sentence(p)) and number_of(p) != "many"]
    chosen = plain[0] if plain else phrases[0]
    # One asks "which abnormal reflex", and "which kind of abnormal muscle tone".
    is_one = chosen.startswith("abnormal ") and number_of(chosen) == "one"
    return chosen if is_one else f"kind of {chosen}"


def _with_articles(phrase: str, known: Collection[str]) -> str:
    """Return "abnormality of the toes" for "of toes" where it is a name too, and no plural."""
    said = spoken(phrase)
    fits = said.casefold() in known and number_of(said) == number_of(phrase)
    return said if fits else phrase
