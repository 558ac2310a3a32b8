"""Orphanet's records as columns, whatever file they stood in.

Readers of a format (`orphapackets`, `orphadata`) hand over one record after the other; `Columns`
checks it, looks its words up in `orphanet_facts` and appends to the lists of `orphanet_tables`, so
that no object is made for a record. A method returns what became of the record: it is loaded, or
merged into one that says the same; or it raises, and `Tables.each` rejects the record with the
number of its disorder as the place.
"""

import re
from collections.abc import Iterable

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import normalize_curie
from kgsynth.sources.frequency import TERMS
from kgsynth.sources.orphanet_facts import first_word
from kgsynth.sources.orphanet_prevalence import RELATION, Prevalence, best_prevalence
from kgsynth.sources.orphanet_tables import LOADED, MERGED, Entity, Tables
from kgsynth.sources.record_text import RecordError, plain

#: A publication among the sources of a prevalence: ``[EXPERT]_14477077[PMID]``.
_PAPER = re.compile(r"(\d+)\[PMID\]")

_DENIED = "HP:0040285"  # HPO's frequency term for 0 %


class Columns(Tables):
    """What an Orphanet file can say, record by record."""

    # ---- entities --------------------------------------------------------------------------

    def disorder(
        self, code: str, name: str, synonyms: Iterable[str] = (), definition: str = ""
    ) -> bool:
        """Add a disorder; return False where it was added before."""
        if f"ORPHA:{code}" in self._disorders:
            return False
        self._disorders[f"ORPHA:{code}"] = Entity(name, tuple(synonyms), definition)
        return True

    def mention(self, code: str, name: str) -> None:
        """Note the name of a disorder that may have no record of its own."""
        self._mentioned.setdefault(f"ORPHA:{code}", name)

    def kind(self, code: str, word: str) -> str:
        """Flag a disorder by its type, group or status."""
        if word not in self.facts.flags:
            raise RecordError(
                "unknown_disorder_type", f"ORPHA:{code} is a {word!r}, which is not known"
            )
        if self.facts.flags[word]:
            self._flags.setdefault((f"ORPHA:{code}", self.facts.flags[word]))
        return LOADED

    def replace(self, old: str, new: str) -> None:
        """Note that a disorder's record moved to another one: it is no entity any more."""
        known = self._replaced.get(f"ORPHA:{old}", ())
        self._replaced[f"ORPHA:{old}"] = tuple(dict.fromkeys((*known, f"ORPHA:{new}")))

    # ---- statements ------------------------------------------------------------------------

    def subclass(self, child: str, parent: str) -> str:
        """State that a disorder is a kind of another one."""
        if ("is_a", child, parent) in self._seen:
            return MERGED
        self._seen.add(("is_a", child, parent))
        self._state(f"ORPHA:{child}", "subclass_of", f"ORPHA:{parent}", int(child))
        return LOADED

    def finding(
        self, code: str, term: str, frequency: str, criterion: str = "", date: str = ""
    ) -> str:
        """State a finding, or its absence where the frequency or the criterion excludes it."""
        curie = self._hpo(term)
        if frequency and frequency not in self.facts.frequencies:
            raise RecordError(
                "bad_frequency", f"{frequency!r} of {curie}; {_known(self.facts.frequencies)}"
            )
        if criterion and criterion not in self.facts.criteria:
            raise RecordError(
                "bad_criterion", f"{criterion!r} of {curie}; {_known(self.facts.criteria)}"
            )
        often = self.facts.frequencies.get(frequency, "")
        modifier = self.facts.criteria.get(criterion, "")
        key = ("finding", code, curie, often, modifier)
        if key in self._seen:
            return MERGED
        self._seen.add(key)
        predicate = "has_attribute" if curie in self.facts.attributes else "has_phenotype"
        self._state(
            f"ORPHA:{code}",
            predicate,
            curie,
            int(code),
            negated=often == _DENIED or modifier == "exclusion criterion",
            frequency=often,
            share_low=TERMS.get(often),
            modifier=modifier,
            date=date,
        )
        return LOADED

    def course(self, code: str, predicate: str, word: str) -> str:
        """State an onset (``has_attribute``) or an inheritance (``has_mode_of_inheritance``)."""
        onset = predicate == "has_attribute"
        terms = self.facts.onsets if onset else self.facts.inheritances
        if word not in terms:
            raise RecordError(
                f"unknown_{'onset' if onset else 'inheritance'}", f"{word!r}; {_known(terms)}"
            )
        if not terms[word]:
            raise RecordError("nothing_said", f"ORPHA:{code}: {word!r} names no one term")
        key = (predicate, code, word)
        if key in self._seen:
            return MERGED
        self._seen.add(key)
        self._state(f"ORPHA:{code}", predicate, terms[word], int(code))
        return LOADED

    def gene(self, hgnc: str, symbol: str, name: str = "", synonyms: Iterable[str] = ()) -> str:
        """Add a gene, if it is new, and return its identifier."""
        curie = _identifier(f"HGNC:{hgnc}")
        if curie not in self._genes:
            others = [other for other in (name, *synonyms) if other and other != symbol]
            self._genes[curie] = Entity(symbol, tuple(dict.fromkeys(others)))
        return curie

    def gene_link(
        self,
        code: str,
        gene: str,
        association: str,
        references: Iterable[str] = (),
        assessed: bool = True,
    ) -> str:
        """State what a gene has to do with a disorder; one evidence for each reference.

        Args:
            code: Of the disorder.
            gene: Identifier of the gene.
            association: Orphanet's type of link.
            references: Publications; where there is none, the disorder's own record is cited.
            assessed: Whether Orphanet's experts have looked at it. Where they have not, only the
                weakest predicate of the link is stated.
        """
        if association not in self.facts.associations:
            known = _known(self.facts.associations)
            raise RecordError("unknown_association", f"{association!r} of {gene}; {known}")
        key = ("gene", code, gene, association)
        if key in self._seen:
            return MERGED
        self._seen.add(key)
        predicates = self.facts.associations[association]
        for predicate in predicates if assessed else predicates[:1]:
            for reference in tuple(references) or (f"ORPHA:{code}",):
                self._state(
                    gene, predicate, f"ORPHA:{code}", int(code), reference, association,
                    modifier="" if assessed else "not yet assessed",
                )  # fmt: skip
        return LOADED

    def gene_reference(self, gene: str, database: str, text: str, line: int) -> str:
        """Map a gene to its record in another database."""
        known = self.facts.gene_references
        if database not in known:
            raise RecordError("unknown_reference", f"{database!r} of {gene}; {_known(known)}")
        if not known[database].prefix:  # a gene symbol once more
            return MERGED
        curie = _identifier(known[database].curie(text))
        if curie == gene:
            return MERGED
        return self._map(gene, curie, known[database].relation, None, line)

    def reference(
        self,
        code: str,
        terminology: str,
        text: str,
        relation: str,
        justification: str | None = None,
        checked: bool = True,
    ) -> str:
        """Map a disorder to an entry of another terminology, by Orphanet's mapping relation.

        Args:
            code: Of the disorder.
            terminology: Name of the other terminology.
            text: The entry's code in it.
            relation: Begins with a key of ``facts.relations``.
            justification: SSSOM's, or None.
            checked: Whether Orphanet's experts have confirmed it; else an exact one is only close.
        """
        known = self.facts.references
        if terminology not in known:
            raise RecordError(
                "unknown_reference", f"{terminology!r} of ORPHA:{code}; {_known(known)}"
            )
        word = first_word(relation)
        if word not in self.facts.relations:
            detail = f"{relation!r} of {terminology} {text}; {_known(self.facts.relations)}"
            raise RecordError("unknown_relation", detail)
        predicate = self.facts.relations[word]
        predicate = "close" if predicate == "exact" and not checked else predicate
        if not predicate:
            raise RecordError("nothing_said", f"ORPHA:{code}: {relation!r} to {terminology} {text}")
        curie = _identifier(known[terminology].curie(text))
        return self._map(f"ORPHA:{code}", curie, predicate, justification, int(code))

    # ---- prevalence ------------------------------------------------------------------------

    def prevalence(
        self,
        recorded: dict[Prevalence, tuple[str, ...]],
        kind: str,
        share: str,
        place: str,
        source: str = "",
    ) -> str:
        """Add a prevalence that gives a class, with its publications; return what became of it.

        Raises:
            RecordError: ``nothing_said`` where it gives none, as for a number of cases.
        """
        if kind not in self.facts.prevalence_types or share not in self.facts.worth:
            raise RecordError(
                "nothing_said", f"{kind or 'no type'}, {share or 'no class'}: no prevalence class"
            )
        one = Prevalence(share, kind, place)
        papers = [f"PMID:{paper}" for paper in _PAPER.findall(source)]
        fate = MERGED if one in recorded else LOADED
        recorded[one] = tuple(dict.fromkeys((*recorded.get(one, ()), *papers)))
        return fate

    def rarity(self, code: str, recorded: dict[Prevalence, tuple[str, ...]]) -> None:
        """State every prevalence; the one that says most is the signal of rarity.

        Args:
            code: Of the disorder.
            recorded: The publications of each prevalence; where there is none, the disorder's own
                record is cited.
        """
        best = best_prevalence(recorded, self.facts)
        if best is None:
            return
        self._signals.append((f"ORPHA:{code}", self.facts.worth[best.share], best.words()))
        for one, references in recorded.items():
            self._classes.setdefault(one, one.curie)
            for reference in references or (f"ORPHA:{code}",):
                self._state(f"ORPHA:{code}", RELATION, self._classes[one], int(code), reference)

    def _hpo(self, text: str) -> str:
        curie = self._terms.get(text)
        if curie is None:
            curie = self._terms[text] = _identifier(text)
            if not curie.startswith("HP:"):
                del self._terms[text]
                raise RecordError("bad_identifier", f"{text!r} is no HPO term")
        return curie


def orpha_code(value: object) -> str:
    """Return the number of a disorder as Orphanet writes it, or raise `RecordError`.

    Example:
        >>> orpha_code("324"), orpha_code(324)
        ('324', '324')
    """
    code = plain(value, "ORPHAcode")
    if not (code.isascii() and code.isdigit()) or len(code) > 12:
        raise RecordError("bad_identifier", f"ORPHAcode {code[:40]!r} is no number")
    return code.lstrip("0") or "0"


def _identifier(text: str) -> str:
    try:
        return normalize_curie(text)
    except IdentifierError as error:
        raise RecordError("bad_identifier", str(error)) from None


def _known(words: Iterable[str]) -> str:
    return "known: " + ", ".join(words)
