"""Guessers that see only the options: what a dataset gives away without its questions.

A guesser looks at lengths, at words that option and question share, at how often an option was
right or wrong in other rows, and at how alike the options are; one of them is a small classifier
trained on the other rows by cross-validation. Who must know nothing should reach chance: where one
does better, the options give their answer away.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kgsynth.records import Row
from kgsynth.seeding import derive_rng

Matrix = NDArray[np.float64]

#: Parts of the cross-validation, and the classifier's steps, rate and shrinkage.
FOLDS, STEPS, RATE, SHRINK = 10, 300, 0.5, 0.01

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """How well one guesser does.

    Attributes:
        name: What it goes by.
        rows: Rows that it guessed.
        accuracy: Share that it got right; a tie of k counts as 1/k.
        low: Lower end of the 95 % interval of that (Wilson's).
        high: Upper end.
        chance: Share that a blind guess gets right.
    """

    name: str
    rows: int
    accuracy: float
    low: float
    high: float
    chance: float

    @property
    def is_telling(self) -> bool:
        """Whether the options tell it something: chance lies below the interval."""
        return self.low > self.chance


@dataclass(frozen=True, slots=True)
class Item:
    """One row as a guesser sees it.

    Attributes:
        stem: Words of the question, what it proposes left out.
        ids: The options, or what is proposed.
        texts: The same in words.
        right: Which option is right; for a proposal 0 if it is right, else -1.
    """

    stem: frozenset[str]
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    right: int


def items_of(rows: Sequence[Row]) -> list[Item]:
    """Return the rows that give options or propose an answer, as a guesser sees them."""
    found = []
    for row in rows:
        if row.form == "choice":
            right = next(at for at, option in enumerate(row.options) if option.correct)
            texts = tuple(option.text for option in row.options)
            ids = tuple(option.id for option in row.options)
            found.append(Item(_words(row.question), ids, texts, right))
        elif row.form == "yes_no":
            name = row.candidate.name
            stem = _words(row.question) - _words(name)
            right = 0 if row.answer == "yes" else -1
            found.append(Item(stem, (row.candidate.id,), (name,), right))
    return found


def guess_all(items: Sequence[Item], seed: int = 0) -> list[Guess]:
    """Return how well each guesser does; of fewer than twenty rows nothing can be said."""
    if len(items) < 2 * FOLDS:
        return []
    with_options = [item for item in items if len(item.ids) > 1]
    proposals = [item for item in items if len(item.ids) == 1]
    found = list(_by_rules(with_options)) if with_options else []
    if len(with_options) >= 2 * FOLDS:
        found.append(_by_learning("a classifier", with_options, seed))
    if len(proposals) >= 2 * FOLDS:
        share = sum(item.right == 0 for item in proposals) / len(proposals)
        found.append(_guess("always yes", [share] * len(proposals), 0.5))
        found.append(_by_learning("a classifier of proposals", proposals, seed))
    return found


# ---- rules ---------------------------------------------------------------------------------


def _by_rules(items: Sequence[Item]) -> Iterator[Guess]:
    chance = sum(1 / len(item.ids) for item in items) / len(items)
    counts = _Counts(items)
    rules: dict[str, Callable[[Item, int], float]] = {
        "the longest": lambda item, at: len(item.texts[at]),
        "the shortest": lambda item, at: -len(item.texts[at]),
        "most often right elsewhere": lambda item, at: counts.right(item, at),
        "least often wrong elsewhere": lambda item, at: -counts.wrong(item, at),
        "most words of the question": lambda item, at: _overlap(item, at),
        "fewest words of the question": lambda item, at: -_overlap(item, at),
        "most like the others": _likeness,
        "least like the others": lambda item, at: -_likeness(item, at),
        "the first": lambda item, at: -at,
        "the last": lambda item, at: at,
    }
    for name, score in rules.items():
        hits = []
        for item in items:
            scores = [score(item, at) for at in range(len(item.ids))]
            best = [at for at, value in enumerate(scores) if value == max(scores)]
            hits.append((item.right in best) / len(best))
        yield _guess(name, hits, chance)


class _Counts:
    """How often each entity is right and wrong in all rows, or in all but one."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._right: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()
        for item in items:
            for at, curie in enumerate(item.ids):
                (self._right if at == item.right else self._wrong)[curie] += 1

    def right(self, item: Item, at: int, *, own: bool = True) -> int:
        """Return in how many rows it is right; with `own` the item is one of the rows counted."""
        return self._right[item.ids[at]] - (own and at == item.right)

    def wrong(self, item: Item, at: int, *, own: bool = True) -> int:
        """Return in how many rows it is wrong; see `right`."""
        return self._wrong[item.ids[at]] - (own and at != item.right)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))


def _overlap(item: Item, at: int) -> float:
    said = _words(item.texts[at])
    return len(said & item.stem) / len(said) if said else 0.0


def _likeness(item: Item, at: int) -> float:
    """Return how alike an option is to the others: mean share of letter triples in common."""
    own = _triples(item.texts[at])
    others = [_triples(text) for place, text in enumerate(item.texts) if place != at]
    return sum(len(own & other) / len(own | other) for other in others) / max(1, len(others))


def _triples(text: str) -> frozenset[str]:
    padded = f"  {text.lower()} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


# ---- the classifier ------------------------------------------------------------------------


def _by_learning(name: str, items: Sequence[Item], seed: int) -> Guess:
    """Train a logistic regression on nine tenths of the rows, guess the tenth, in turn."""
    order = derive_rng(seed, "report", name).permutation(len(items))
    hits = []
    for part in np.array_split(order, FOLDS):
        held = set(part.tolist())
        train = [item for at, item in enumerate(items) if at not in held]
        counts = _Counts(train)
        rows = np.concatenate([_features(item, counts, own=True) for item in train])
        right = np.concatenate([_labels(item) for item in train])
        mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
        weights = _fit((rows - mean) / spread, right)
        for at in part.tolist():
            scores = _score((_features(items[at], counts, own=False) - mean) / spread, weights)
            hits.append(_hit(items[at], scores))
    single = len(items[0].ids) == 1
    chance = 0.5 if single else sum(1 / len(item.ids) for item in items) / len(items)
    return _guess(name, hits, chance)


def _hit(item: Item, scores: Matrix) -> float:
    if len(item.ids) == 1:
        return float((scores[0] > 0) == (item.right == 0))
    best = np.flatnonzero(scores == scores.max()).tolist()
    return (item.right in best) / len(best)


def _labels(item: Item) -> Matrix:
    return np.array([at == item.right for at in range(len(item.ids))], dtype=np.float64)


def _features(item: Item, counts: _Counts, *, own: bool) -> Matrix:
    """Return what can be seen of each option, shape (n_options, n_features).

    Within a row only differences count, so each column's mean over the options is taken off;
    a proposal stands alone and keeps its values.
    """
    rows = []
    for at, text in enumerate(item.texts):
        said = _words(text)
        rows.append(
            (
                math.log(len(text) + 1),
                len(said),
                any(sign.isdigit() for sign in text),
                "-" in text,
                text[:1].isupper(),
                _overlap(item, at),
                len(_triples(text) & _triples(" ".join(sorted(item.stem)))) / len(text),
                _likeness(item, at),
                math.log1p(counts.right(item, at, own=own)),
                math.log1p(counts.wrong(item, at, own=own)),
                counts.right(item, at, own=own) > 0,
                counts.wrong(item, at, own=own) > 0,
                at,
            )
        )
    found = np.array(rows, dtype=np.float64)
    centered: Matrix = found - found.mean(axis=0) if len(rows) > 1 else found
    return centered


def _fit(rows: Matrix, right: Matrix) -> Matrix:
    """Return the weights of a logistic regression, the last one that of a constant."""
    design = np.column_stack((rows, np.ones(len(rows))))
    weights = np.zeros(design.shape[1])
    # Right options are fewer than wrong ones; both sides count alike.
    share = right.mean()
    balance = np.where(right > 0, 0.5 / share, 0.5 / (1 - share)) if 0 < share < 1 else 1.0
    for _ in range(STEPS):
        error = balance * (1 / (1 + np.exp(-design @ weights)) - right)
        weights -= RATE * (design.T @ error / len(rows) + SHRINK * weights)
    return weights


def _score(rows: Matrix, weights: Matrix) -> Matrix:
    scores: Matrix = rows @ weights[:-1] + weights[-1]
    return np.round(scores, 9)


def _guess(name: str, hits: Sequence[float], chance: float) -> Guess:
    low, high = wilson(sum(hits), len(hits))
    return Guess(name, len(hits), sum(hits) / len(hits), low, high, chance)


def wilson(hits: float, rows: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927).

    Example:
        >>> [round(end, 3) for end in wilson(50, 100)]
        [0.404, 0.596]
    """
    if rows == 0:
        return 0.0, 1.0
    z, share = 1.959964, hits / rows
    middle = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    reach = z * math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    reach /= 1 + z * z / rows
    return max(0.0, middle - reach), min(1.0, middle + reach)
