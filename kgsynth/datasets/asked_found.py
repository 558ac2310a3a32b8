"""What a chain is compared with others by, read from its numbers.

The same as of its record, as a test holds: `asked.asked_of` and `splits.row_keys`.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise

from kgsynth.datasets.asked import PAIR, Asked, path_key, relation
from kgsynth.datasets.splits import is_large
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo
from kgsynth.paths.assemble import Recipe
from kgsynth.paths.found import Found
from kgsynth.paths.typed_path import Leg


class Reader:
    """Reads chains of one run.

    Args:
        graph: The graph.
        sizes: How many entities it has of each category.
        small: Categories whose members may be answers as often as it comes.
    """

    def __init__(
        self, graph: KnowledgeGraph, sizes: Mapping[str, int], small: frozenset[str]
    ) -> None:
        self._ids = graph.ids
        self._forms: Memo[Recipe, _Form] = Memo(lambda recipe: _Form(recipe, sizes, small))

    def read(self, found: Found) -> tuple[Asked, tuple[str, ...]]:
        """Return what is compared of a chain, and what it may not share with another split."""
        form, at = self._forms[found.recipe], self._ids
        ids = tuple([at[node] for node in found.nodes])
        clues = [[at[clue] for clue in own if clue >= 0] for own in found.clues]
        spine = ids if len(ids) > 1 else ()
        asked = Asked(form.key(clues), spine, form.facts(ids, clues), form.about(ids))
        return asked, form.keys(ids, clues[0][0])


class _Form:
    """What the chains of a template have in common."""

    def __init__(self, recipe: Recipe, sizes: Mapping[str, int], small: frozenset[str]) -> None:
        spine, pins = recipe.spine, recipe.pins
        self._categories = [variable.category for variable in spine.variables]
        self._pins = [relation(pin.predicate, is_subject=not pin.inverse) for pin in pins]
        self._links = ["", *(relation(leg.predicate, is_subject=leg.inverse) for leg in spine.legs)]
        self._pinned = [_sentence(pin) for pin in pins]
        self._linked = [_sentence(leg) for leg in spine.legs]
        self._diseases = [at for at, name in enumerate(self._categories) if name == "Disease"]
        self._free = self._categories[-1] in small
        self._large = is_large(self._categories[-1], sizes)

    def key(self, clues: list[list[str]]) -> bytes:
        """Return `asked.query_key`."""
        stops = [
            (category, sorted([pin + clue for clue in own]), link)
            for category, pin, own, link in zip(
                self._categories, self._pins, clues, self._links, strict=True
            )
        ]
        return path_key(stops[::-1])

    def facts(self, ids: tuple[str, ...], clues: list[list[str]]) -> frozenset[str]:
        """Return `asked.facts_of`."""
        told = [say(*ends) for say, ends in zip(self._linked, pairwise(ids), strict=True)]
        told += [
            say(one, clue)
            for say, one, own in zip(self._pinned, ids, clues, strict=True)
            for clue in own
        ]
        return frozenset(told)

    def about(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return `asked.about`."""
        told = [] if self._free else [f"answer {ids[-1]}"]
        diseases = [ids[at] for at in self._diseases]
        if diseases and len(ids) > 1:
            told.append(f"first disease {diseases[0]}")
        if len(diseases) > 1:
            told.append(f"{PAIR} {' '.join(sorted(diseases))}")
        return tuple(told)

    def keys(self, ids: tuple[str, ...], anchor: str) -> tuple[str, ...]:
        """Return `splits.row_keys`."""
        before = (anchor, *ids)
        keys = [
            f"{one}|{other}" if one < other else f"{other}|{one}"
            for one, other in zip(before, ids, strict=False)
        ]
        if self._large:
            keys.append(f"={ids[-1]}")
        return tuple(keys)


def _sentence(leg: Leg) -> Callable[[str, str], str]:
    """Return what says of an entity and one that a leg leads to what they are to each other."""
    middle = f" {leg.predicate} "
    if leg.inverse:
        return lambda one, other: f"{other}{middle}{one} "
    return lambda one, other: f"{one}{middle}{other} "
