"""A case as a register tells it: who the patient is, the findings part by part, when it began.

Nothing is told of a patient but what is recorded of the disease: an onset, which `Case.told` gives
so that the trace can cite it, and the sex that its findings are recorded in.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.cases import (
    TELL_ONSET,
    case_words,
    onsets_of,
    parts_of,
    sex_of,
    statements,
)
from kgsynth.questions.grammar import agree
from kgsynth.questions.lexicon import Lexicon
from kgsynth.questions.slots import Slots
from kgsynth.records import Edge

#: What a disease is called in the templates.
_NOUN = re.compile(r"\b(?:disorder|condition)(?=s?\b)")


@functools.lru_cache(maxsize=4096)
def _called(text: str, noun: str) -> str:
    """Return a sentence in which diseases are called so."""
    return _NOUN.sub(noun, text)


class Case(NamedTuple):
    """A case in words.

    Attributes:
        text: Its sentences.
        variant: The variants drawn, such as ``1.0.2``.
        told: The statement of the onset that it tells, if it tells one.
    """

    text: str
    variant: str
    told: tuple[Edge, ...]


class Teller:
    """Tells cases in one register.

    Args:
        words: The wording of the register; see ``templates/questions/exam.toml``.
        graph: The graph.
        lex: How entities are called in it.
        rng: Decides what is drawn.
    """

    def __init__(
        self,
        words: Mapping[str, Any],
        graph: KnowledgeGraph,
        lex: Lexicon,
        rng: np.random.Generator,
    ) -> None:
        self._words = words
        self._graph = graph
        self._lex = lex
        self._rng = rng
        self._drawn: list[str] = []
        self._noun = words["noun"][0]

    def tell(self, disease: str, found: Sequence[str], denied: Sequence[str] = ()) -> Case:
        """Return the case of a patient with some findings.

        Args:
            disease: The disease whose onset and sex the patient may have; "" to tell neither.
            found: The findings.
            denied: What the patient does not have.
        """
        onset = self._onset(disease, found) if disease else None
        sex = sex_of(disease, [*found, *denied], self._graph) if disease else ""
        group = self._group(disease, found, onset)
        slots = self._persona(found, sex, group, onset)
        said = list[str]()
        for part, findings in parts_of(found, self._graph, self._rng):
            place = "more" if said else "first"
            variants = self._words[place][part]
            if group == "child" and not said and part == "history":
                variants = [*variants, *self._words[place].get("child", ())]
            said.append(self.pick(variants, **slots, **self._finds(findings)))
        if onset is not None and "since" in self._words:
            when = self._words["when"][onset.object]
            said.append(self.pick(self._words["since"]["variants"], when=when))
        if denied:
            names = [self._lex.say(one) for one in denied]
            verbs = {"has": agree(names, "has", "have"), "is": agree(names, "is", "are")}
            listed = {"denied": self._lex.finds(denied), "lacks": self._lex.finds(denied, "or")}
            said.append(self.pick(self._words["without"]["variants"], **listed, **verbs))
        return Case(" ".join(said), self.drawn, () if onset is None else (onset,))

    def begin(self, noun: str, lex: Lexicon) -> None:
        """Begin another stem, in which diseases and entities are called so."""
        self._noun, self._lex = noun, lex
        self._drawn.clear()

    @property
    def drawn(self) -> str:
        """The variants drawn since `begin`, such as ``1.0.2``."""
        return ".".join(self._drawn)

    def pick(self, variants: Sequence[str], /, **slots: str) -> str:
        """Return one variant with its slots filled; ``{Who}`` is ``{who}`` as a sentence begins."""
        at = int(self._rng.integers(len(variants)))
        self._drawn.append(str(at))
        return _called(variants[at], self._noun).format_map(Slots(slots))

    def _finds(self, findings: Sequence[str]) -> dict[str, str]:
        names = [self._lex.say(one) for one in findings]
        verbs = {"has": agree(names, "has", "have"), "is": agree(names, "is", "are")}
        verbs["are"] = agree(names[:1], "is", "are")
        return {"finds": self._lex.finds(findings), **verbs}

    def _onset(self, disease: str, found: Sequence[str]) -> Edge | None:
        """Return the onset to tell, by lot."""
        told = onsets_of(disease, self._graph, found)
        if not told or self._rng.random() >= TELL_ONSET:
            return None
        return told[int(self._rng.integers(len(told)))]

    def _group(self, disease: str, found: Sequence[str], onset: Edge | None) -> str:
        """Return the group of age of the patient: "" where none is told, "any" where none fits."""
        if onset is None:
            return ""
        groups: dict[str, str] = case_words()["group"]
        group = groups[onset.object]
        own = {edge.onset for edge in statements(disease, found, self._graph) if edge.onset}
        differ = any(groups.get(one, group) != group for one in own)
        return "any" if differ or (group == "child" and self._is_grown(found)) else group

    def _is_grown(self, found: Sequence[str]) -> bool:
        """Whether a finding is one of puberty or reproduction."""
        return self._is_in("grown", found)

    def _is_in(self, table: str, found: Sequence[str]) -> bool:
        """Whether a finding belongs to the classes of a table."""
        classes = set(case_words()[table]["classes"])
        return any(classes & (self._graph.ancestors(one) | {one}) for one in found)

    def _persona(
        self, found: Sequence[str], sex: str, group: str, onset: Edge | None
    ) -> dict[str, str]:
        """Return the slots that say who the patient is."""
        if "persona" in self._words:
            child = group == "child"
            fit = [
                p
                for p in self._words["persona"]
                if p["sex"] == sex and p.get("child", False) == child
            ]
            forms: list[dict[str, str]] = fit[0]["forms"]
            if self._is_in("spoken_for", found):
                forms = [form for form in forms if form["who"] != "I"]
            at = int(self._rng.integers(len(forms)))
            slots = dict(forms[at])
            slots["have_they"] = "have" if slots["they"] in ("I", "they") else "has"
        else:
            (row,) = (one for one in self._words["who"] if one["group"] == group)
            ways: list[str] = row[sex or "plain"]
            at = int(self._rng.integers(len(ways)))
            when = "" if onset is None else case_words()["when"][onset.object]
            slots = {"who": ways[at].format(when=when)}
        self._drawn.append(str(at))
        return slots
