"""English for a relation or a class that no table has words for, by the shape of its name.

``inhibits`` is a verb, ``expressed_in`` and ``treated_by`` are participles, ``target_of`` and
``has_target`` hold a noun. Where a shape does not say how the relation reads backwards, it is
named: "has the relation “enriched in” from". A user's own words go before these; see
`kgsynth.vocabulary`.
"""

import re
from functools import cache

_PREPOSITIONS = frozenset(
    (
        *("in", "with", "to", "from", "for", "on", "at", "as", "under", "during", "via"),
        *("through", "within", "across", "into", "upon", "against"),
    )
)
#: Participles and verbs that follow no rule: base, participle.
_IRREGULAR = {
    "bind": "bound", "make": "made", "give": "given", "take": "taken", "see": "seen",
    "show": "shown", "find": "found", "lead": "led", "drive": "driven", "know": "known",
    "hold": "held", "have": "had", "build": "built", "write": "written", "undergo": "undergone",
}  # fmt: skip
_PARTICIPLES = {participle: base for base, participle in _IRREGULAR.items()}
_MODALS = frozenset(["may", "can", "could", "might", "must"])
_SITES = frozenset(["located", "found", "situated", "observed", "seen"])
_MUTUAL = frozenset(
    (
        *("association", "correlation", "interaction", "link", "connection", "relation"),
        *("relationship", "similarity"),
    )
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\s]+")

Forms = dict[str, tuple[str, str]]


@cache
def relation_forms(predicate: str) -> Forms:
    """Return how a relation is said of one and of several, from subject to object and back.

    Example:
        >>> relation_forms("targets")["back"], relation_forms("has_target")["back"]
        (('is targeted by', 'are targeted by'), ('is a target of', 'are targets of'))
        >>> relation_forms("positively_regulated_by")["back"]
        ('positively regulates', 'positively regulate')
        >>> relation_forms("interacts_with")["out"]
        ('interacts with', 'interact with')
    """
    words = [word for word in predicate.lower().split("_") if word] or ["is", "related", "to"]
    if words[0] in ("is", "are", "was") and len(words) > 1:
        words = words[1:]
    if words[0] in ("a", "an", "the") and len(words) > 1:
        words = words[1:]
    if words[0] in _MODALS and len(words) > 1:
        return _modal(words)
    if words[0] == "has" and len(words) > 1:
        return _with_noun(" ".join(words[1:]))
    if words[-1] == "by" and len(words) > 1:
        return _turned(_active_forms(words[:-1]))
    verb = next((i for i, word in enumerate(words) if not word.endswith("ly")), 0)
    if _is_verb(words[verb]):
        return _active_forms([*words[:verb], _base(words[verb]), *words[verb + 1 :]], verb)
    lasts = {*_PREPOSITIONS, "of"} if _is_participle(words[verb]) else _PREPOSITIONS
    if words[-1] in lasts and len(words) > 1:
        return _with_preposition(words, verb)
    if words[-1] == "of" and len(words) > 1:
        return _turned(_with_noun(" ".join(words[:-1])))
    if len(words) > 1 and words[0] == words[-1]:  # "drug_drug"
        words = ["relation"]
    return _with_noun(" ".join(words))


def kind_forms(category: str) -> tuple[str, str]:
    """Return what one entity of a class and several are called; acronyms stay as they are.

    Example:
        >>> kind_forms("GenomicEntity"), kind_forms("RNAProduct")
        (('genomic entity', 'genomic entities'), ('RNA product', 'RNA products'))
    """
    words = [word for word in _WORDS.split(category) if word] or ["entity"]
    one = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
    return one, plural(one)


def plural(noun: str) -> str:
    """Return a noun in the plural.

    Example:
        >>> [plural(noun) for noun in ("therapy", "biomass", "drug", "effect of drug")]
        ['therapies', 'biomasses', 'drugs', 'effects of drug']
    """
    head, of, rest = noun.partition(" of ")
    if re.search(r"[^aeiou]y$", head):
        head = f"{head[:-1]}ies"
    else:
        head += "es" if re.search(r"(?:s|x|z|ch|sh)$", head) else "s"
    return f"{head}{of}{rest}"


def _turned(forms: Forms) -> Forms:
    return {"out": forms["back"], "back": forms["out"]}


def _modal(words: list[str]) -> Forms:
    """Return the forms of "may_treat" or "may_be_treated_by"."""
    if words[1] == "be" and words[-1] == "by" and len(words) > 3:
        return _turned(_modal([words[0], base_of(words[2]), *words[3:-1]]))
    out = " ".join(words)
    if words[1] == "be":
        return {"out": (out, out), "back": (out, out)}
    back = " ".join([words[0], "be", participle_of(words[1]), *words[2:], "by"])
    return {"out": (out, out), "back": (back, back)}


def _with_noun(noun: str) -> Forms:
    article = "an" if noun[:1] in "aeiou" else "a"
    if noun.split()[-1] in _MUTUAL:
        both = (f"has {article} {noun} with", f"have {article} {noun} with")
        return {"out": both, "back": both}
    return {
        "out": (f"has the {noun}", f"have the {noun}"),
        "back": (f"is {article} {noun} of", f"are {plural(noun)} of"),
    }


def _active_forms(words: list[str], verb: int | None = None) -> Forms:
    """Return the forms of a verb phrase; without `verb` its last word is a participle."""
    if verb is None:
        verb = len(words) - 1
        words = [*words[:-1], base_of(words[-1])]
    before, base, after = words[:verb], words[verb], words[verb + 1 :]
    one, many = (" ".join([*before, word, *after]) for word in (_third(base), base))
    if after[-1:] == ["with"]:
        return {"out": (one, many), "back": (one, many)}
    passive = " ".join([*before, participle_of(base), *after, "by"])
    return {"out": (one, many), "back": (f"is {passive}", f"are {passive}")}


def _with_preposition(words: list[str], verb: int) -> Forms:
    phrase = " ".join(words)
    out = (f"is {phrase}", f"are {phrase}")
    if words[-1] in ("with", "to"):
        return {"out": out, "back": out}
    if words[verb] in _SITES and words[-1] in ("in", "at", "on", "within"):
        return {"out": out, "back": ("is the site of", "are the sites of")}
    if words == ["expressed", "in"]:
        return {"out": out, "back": ("expresses", "express")}
    named = f"the relation “{phrase}” from"
    return {"out": out, "back": (f"has {named}", f"have {named}")}


def reads_back(forms: Forms) -> bool:
    """Say whether a relation can be said from object to subject without naming it."""
    return not forms["back"][0].startswith("has the relation “")


def _is_participle(word: str) -> bool:
    return (word.endswith("ed") and len(word) > 4) or word in _PARTICIPLES


def _is_verb(word: str) -> bool:
    """Say whether a word looks like a verb in the third person: "inhibits", no noun."""
    return len(word) > 3 and word.endswith("s") and not re.search(r"(?:ss|us|is|sis)$", word)


def _base(third: str) -> str:
    if third.endswith("ies"):
        return f"{third[:-3]}y"
    return third[:-2] if re.search(r"(?:sses|xes|ches|shes|zzes)$", third) else third[:-1]


def _third(base: str) -> str:
    if base == "have":
        return "has"
    return plural(base)


def participle_of(base: str) -> str:
    """Return the past participle of a verb.

    Example:
        >>> [participle_of(verb) for verb in ("inhibit", "encode", "carry", "bind")]
        ['inhibited', 'encoded', 'carried', 'bound']
    """
    if base in _IRREGULAR:
        return _IRREGULAR[base]
    if base.endswith("e"):
        return f"{base}d"
    return f"{base[:-1]}ied" if re.search(r"[^aeiou]y$", base) else f"{base}ed"


def base_of(participle: str) -> str:
    """Return the verb of a past participle.

    Example:
        >>> [base_of(word) for word in ("regulated", "treated", "inhibited", "caused", "encoded")]
        ['regulate', 'treat', 'inhibit', 'cause', 'encode']
    """
    if participle in _PARTICIPLES:
        return _PARTICIPLES[participle]
    if participle.endswith("ied"):
        return f"{participle[:-3]}y"
    stem = participle.removesuffix("ed")
    if re.search(r"([bdgmnprt])\1$", stem) and not stem.endswith(("add", "odd")):
        return stem[:-1]
    silent = r"(?:[^e]at|[cgvuz]|[^s]s|[^aeiou]l|[iua]r|[^o]um|[^eaiou][oiua]d)$"
    return f"{stem}e" if re.search(silent, stem) else stem
