"""What a miner is asked for: the bounds of the rules that make a question fair."""

from collections.abc import Callable
from dataclasses import dataclass

from kgsynth.paths.focus import NO_FOCUS, Focus
from kgsynth.records import Mined, Rejection

#: Asked last of what was mined: why a run has no use for it, or None.
Refuse = Callable[[Mined], Rejection | None]


@dataclass(frozen=True, slots=True)
class MiningSettings:
    """Bounds of the rules; the defaults are those of the published data sets.

    Attributes:
        hops: Edges of the spine, far anchor included.
        margin: Clues that every rival fails in a step that ends at a disease, 1 to 3. Later
            steps of questions of five hops or more, and steps that end elsewhere, have 1.
        max_first_clues: Clues that the first step may have, at least 2.
        max_later_clues: Clues that a later step may have.
        min_information_bits: Least information content of a clue.
        min_frequency: Least share of patients with a clue, where it is recorded, in [0, 1].
        min_patients: Least number of patients that a count must rest on for a clue.
        min_rarity: Least rarity score of the rarest entity on a spine, in [0, 1].
        draws: Clue sets tried for a spine.
        max_answer_share: Largest share of a run that one finding may be the answer of.
        template: Spine templates of one's own, as TOML; "" for those that travel with kgsynth.
        focus: What every question has beyond the rules; see `focus`.
    """

    hops: int = 4
    margin: int = 2
    max_first_clues: int = 6
    max_later_clues: int = 4
    min_information_bits: float = 3.0
    min_frequency: float = 0.30
    min_patients: int = 1
    min_rarity: float = 0.5
    draws: int = 10
    max_answer_share: float = 0.01
    template: str = ""
    focus: Focus = NO_FOCUS

    @property
    def later_margin(self) -> int:
        """The margin of a later step that ends at a disease."""
        return self.margin if self.hops < 5 else 1
