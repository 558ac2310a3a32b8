"""Spine templates out of TOML text, and what is said of a wrong one: in one line, with its place.

    [chain-own]
    path = "?x:Drug -decreases_activity_of-> ?t:Protein -participates_in-> ?w:Pathway"
    clues = { Drug = "-treats-> Disease" }      # named entities that pin a drug
    pin = "<-part_of-"                          # a named entity that singles the target out
    share = 0.5
    question = "Which pathway does this protein take part in?"

Words of one's own stand in the same file; see `kgsynth.vocabulary`.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from kgsynth.errors import UsageError
from kgsynth.paths.typed_path import FINDING, Clue, Leg, Spine
from kgsynth.records import Variable
from kgsynth.toml_lines import line_of
from kgsynth.vocabulary import WORDS, read_words

#: Edges that a chain may have, the far anchor's included.
MIN_HOPS, MAX_HOPS = 1, 6

#: What an entry may say; `question` is for the wording.
KEYS = frozenset({"path", "hops", "share", "pin", "clues", "question"})

_LEG = re.compile(r"-(?P<out>\w+)->|<-(?P<back>\w+)-")
_NODE = re.compile(r"(\?\w+):(\w+)")
_CLUE = re.compile(rf"(?P<leg>{_LEG.pattern})\s*(?P<named>\w*)")
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_LIKE = '"?d1:Disease <-treats- ?x:Drug -treats-> ?d2:Disease"'


def read_spines(text: str, place: str = "template") -> tuple[Spine, ...]:
    """Return the spine templates of a TOML text; `place` says in messages where it stands.

    Raises:
        UsageError: If it is no such text; the message says ``place:line``, the template and what
            is wrong.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        where = f"{place}:{at[1]}" if at else place
        raise UsageError(f"{where}: no TOML: {_AT_LINE.sub('', str(error))}") from None
    entries = {name: entry for name, entry in table.items() if name != WORDS}
    for name, entry in entries.items():
        if not isinstance(entry, dict):
            raise UsageError(f"{place}:{line_of(text, '', name)}: {_EXPECTED}")
    if not entries:
        raise UsageError(f"{place}: {_EXPECTED}")
    read_words(text, place)
    return tuple(_placed(name, entry, text, place) for name, entry in entries.items())


_EXPECTED = f"expected tables such as [chain-mine] with path = {_LIKE}"


def _placed(name: str, entry: dict[str, Any], text: str, place: str) -> Spine:
    try:
        return spine_of(name, entry)
    except _WrongEntryError as error:
        line = line_of(text, name, error.key)
        raise UsageError(f"{place}:{line}: spine template {name!r}: {error}") from None


class _WrongEntryError(UsageError):
    """What is wrong with one key of a template; "" for the template as a whole."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def spine_of(name: str, entry: dict[str, Any]) -> Spine:
    """Return a template from the table that describes it.

    Raises:
        UsageError: If it is none; the message says why, and not where.
    """
    path = str(entry.get("path", ""))
    variables = tuple(Variable(*pair) for pair in _NODE.findall(path))
    legs = tuple(_leg(match) for match in _LEG.finditer(path))
    hops, share = (_number(entry, key, usual) for key, usual in (("hops", 0), ("share", 1)))
    spine = Spine(
        name, int(hops) or len(variables), variables, legs, share, _pin(entry), _clues(entry)
    )
    for key, problem in _problems(spine, entry, path):
        raise _WrongEntryError(key, problem)
    return spine


def _number(entry: dict[str, Any], key: str, usual: float) -> float:
    value = entry.get(key, usual)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _WrongEntryError(key, f"hops and share have to be numbers, not {value!r}")
    return value


def _pin(entry: dict[str, Any]) -> Leg | None:
    if "pin" not in entry:
        return None
    match = _LEG.fullmatch(str(entry["pin"]))
    if match is None:
        raise _WrongEntryError("pin", f"pin {entry['pin']!r} is no relation such as '-treats->'")
    return _leg(match)


def _clues(entry: dict[str, Any]) -> tuple[Clue, ...]:
    given = entry.get("clues", {})
    if not isinstance(given, dict):
        raise _WrongEntryError("clues", _CLUES_LIKE)
    found = []
    for category, said in given.items():
        match = _CLUE.fullmatch(str(said).strip())
        if match is None:
            raise _WrongEntryError("clues", f"{category} = {said!r}: {_CLUES_LIKE}")
        found.append(Clue(category, _leg(match), match["named"]))
    return tuple(clue for clue in found if clue not in (FINDING, _ANY_FINDING))


_ANY_FINDING = Clue(FINDING.category, FINDING.leg)
_CLUES_LIKE = 'expected clues such as { Drug = "-treats-> Disease" }'


def _problems(spine: Spine, entry: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a template: the key, and why."""
    names = [variable.name for variable in spine.variables]
    categories = [variable.category for variable in spine.variables]
    if not spine.name.startswith("chain-"):
        yield "", "its name has to begin with chain-"
    if strange := sorted(set(entry) - KEYS):
        yield strange[0], f"unknown key {strange[0]!r}; known: {', '.join(sorted(KEYS))}"
    if not names or len(spine.legs) != len(names) - 1 or _rest(path):
        yield "path", f"path {path!r} cannot be read; expected such as {_LIKE}"
        return
    if len(set(names)) != len(names):
        yield "path", f"path {path!r} comes back to where it was; every variable stands once"
    if not MIN_HOPS <= len(names) <= MAX_HOPS:
        yield "path", f"path {path!r} has {len(names)} hops; {MAX_HOPS} is the most"
    if spine.hops != len(names):
        yield "hops", f"hops is {spine.hops}; the path has {len(names)}, the far anchor's included"
    if any(leg.predicate == "subclass_of" for leg in spine.legs):
        yield "path", "a hop cannot walk subclass_of: what is a kind of the other is its kin"
    yield from _pin_problems(spine)
    for clue in spine.clues:
        if clue.category not in categories:
            yield "clues", f"clues are given for {clue.category}; no variable of the path is one"
        if clue.leg.predicate in ("subclass_of", "has_phenotype"):
            yield "clues", f"{clue.leg} cannot pin a {clue.category}; name another relation"
    if not 0 < spine.share <= 1:
        yield "share", f"share is {spine.share}; expected more than 0 and at most 1"


def _pin_problems(spine: Spine) -> Iterator[tuple[str, str]]:
    first, is_class = spine.variables[0], spine.pin and spine.pin.predicate == "subclass_of"
    if spine.clue_of(first.category) is None:
        like = f'clues = {{ {first.category} = "-part_of->" }}'
        yield (
            "path",
            (
                f"nothing pins {first.name}: begin at a Disease, whose findings do, or give "
                f"{first.category} clues of its own, such as {like}"
            ),
        )
    if is_class and (not spine.legs or spine.legs[-1] != FINDING.leg):
        yield (
            "pin",
            (
                "pin subclass_of asks within a class of findings; the last leg has to be "
                "-has_phenotype->"
            ),
        )
    if is_class and any(clue.category == FINDING.category for clue in spine.clues):
        yield "clues", "where a finding is asked for, a Disease is pinned by its findings"


def _rest(path: str) -> str:
    """Return what of a path is neither a variable nor a leg, or stands out of turn."""
    turns = _LEG.sub("-", _NODE.sub("?", path)).replace(" ", "")
    return "" if re.fullmatch(r"\?(-\?)*", turns) else turns


def _leg(match: re.Match[str]) -> Leg:
    return Leg(match["out"] or match["back"], match["back"] is not None)
