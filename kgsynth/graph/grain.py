"""Which entities are of the wrong grain for an answer, and why.

Groups, series and susceptibilities are named by the sources (`sources.base.FLAGS`); somatic
diseases by their recorded mode of inheritance; the tops of an ontology's branches by its
manifest; and of several entities of one category that bear one name, none is told by it. A
*predisposition* to tumors (Li-Fraumeni syndrome) is an individual inherited disease although its
class lies under *neoplasm*, so that flag takes "neoplasm" back.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

#: Flags that make an entity unfit as an answer.
UNFIT = frozenset(
    {
        "group",
        "category",
        "series",
        "susceptibility",
        "neoplasm",
        "obsolete",
        "somatic",
        "root",
        "modifier",
        "unmerged",
        "unnamed",
        "same_name",
    }
)

#: Modes of inheritance of a disease that is not inherited: somatic mosaicism, somatic mutation.
SOMATIC = ("HP:0001442", "HP:0001428")

#: Mondo's tumors, and its inherited diseases that lead to tumors: those are diseases all the same.
NEOPLASM, PREDISPOSITION = "MONDO:0005070", "MONDO:0015356"

_SUSCEPTIBLE = re.compile(r"\bsusceptib\w*|\bpredisposition to\b|^\{.*\}$", re.IGNORECASE)
_MODIFIER = re.compile(r"\bmodifier of\b|\bmodifier\b.*\bof severity\b|^\[.*\]$", re.IGNORECASE)


def reasons(
    flags: Iterable[tuple[str, str]],
    disease_names: Mapping[str, Iterable[str]],
    somatic: Iterable[str],
    roots: Iterable[str],
) -> dict[str, tuple[str, ...]]:
    """Return why entities are unfit as an answer; fit ones are left out.

    Args:
        flags: (entity, flag) as the sources say.
        disease_names: Every name that a source gives a disease as its main one. A name that
            speaks of susceptibility, or is in OMIM's braces, marks the disease.
        somatic: Diseases recorded as somatic.
        roots: Terms too general to be an answer.

    Returns:
        Entity to its reasons, ascending.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for entity, flag in flags:
        found[entity].add(flag)
    for entity, names in disease_names.items():
        if any(_SUSCEPTIBLE.search(name) for name in names):
            found[entity].add("susceptibility")
        if any(_MODIFIER.search(name) for name in names):
            found[entity].add("modifier")
    for entity in somatic:
        found[entity].add("somatic")
    for entity in roots:
        found[entity].add("root")
    for own in found.values():
        if "predisposition" in own:
            own.discard("neoplasm")
    unfit = {entity: tuple(sorted(own & UNFIT)) for entity, own in sorted(found.items())}
    return {entity: own for entity, own in unfit.items() if own}


def root_terms(settings: Mapping[str, Any], children: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the terms that a manifest calls roots, with their children where it says so."""
    found: list[str] = []
    for root in settings.get("roots", ()):
        found.append(root["term"])
        if root.get("children"):
            found.extend(children.get(root["term"], ()))
    return found
