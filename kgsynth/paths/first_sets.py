"""The clue sets of first steps: drawn once for a first entity, on which alone they depend."""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Int32, Int64
from kgsynth.paths.conjoin import draw_conjunctions
from kgsynth.paths.desk import Desk
from kgsynth.paths.order import mix
from kgsynth.paths.scratch import KEPT_SETS, MOST_CLUES
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.tables import Tables
from kgsynth.seeding import derive_seed

#: How often a clue set is tried for.
DRAWS = 4


class FirstSets:
    """Clue sets for the first entities of one template's spines.

    Attributes:
        sets: shape (entities with clues, KEPT_SETS, MOST_CLUES); the clues of each set, the most
            widespread first, -1 after the last.
        counts: shape (entities with clues,); how many sets there are; below zero where none were
            drawn yet: as many as may be wanted, negative.
    """

    sets: Int32
    counts: Int64

    def __init__(
        self,
        tables: Tables,
        desk: Desk,
        spines: Int32,
        margin: int,
        settings: MiningSettings,
        seed: int,
    ) -> None:
        self._tables = tables
        self._desk = desk
        self._margin = margin
        self._most = settings.max_first_clues
        self._seed = derive_seed(seed, "paths", "first")
        n = len(tables.sets.node)
        number = tables.sets.number[spines[:, 0]]
        self.sets = np.full((n, KEPT_SETS, MOST_CLUES), -1, np.int32)
        # An entity with fewer spines needs no more sets than it has spines.
        self.counts = -np.bincount(number[number >= 0], minlength=n).clip(0, KEPT_SETS)

    def draw(self, entities: NDArray[np.int32]) -> None:
        """Draw the sets of those entities for which it was not done yet."""
        t = self._tables.sets
        numbers = np.unique(t.number[entities])
        numbers = numbers[(numbers >= 0) & (self.counts[numbers] < 0)]
        if not len(numbers):
            return
        wanted = -self.counts[numbers]
        asked = np.repeat(t.node[numbers], wanted)
        turn = np.arange(len(asked)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
        seeds = mix(np.stack([asked, turn.astype(np.int32)], 1), self._seed)
        clues = np.full((len(asked), MOST_CLUES), -1, np.int32)
        sizes = np.zeros(len(asked), np.int64)
        draw_conjunctions(
            self._tables, self._desk, asked, seeds, self._margin, self._most, DRAWS, clues, sizes
        )
        clues[np.arange(MOST_CLUES) >= sizes[:, None]] = -1
        owner = t.number[asked[sizes > 0]]
        self.counts[numbers] = 0
        np.add.at(self.counts, owner, 1)
        place = np.arange(len(owner)) - np.searchsorted(owner, owner)
        self.sets[owner, place] = clues[sizes > 0]
