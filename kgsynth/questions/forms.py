"""How a question is to be answered: settings and wording of the forms beside ``open``.

The wording lies in ``templates/questions/forms.toml``.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from kgsynth.errors import UsageError
from kgsynth.resources import data_file

Reason = Literal["denied", "other_value", "not_recorded"]

#: Why an option is wrong, the strongest reason first.
REASONS: tuple[Reason, ...] = ("denied", "other_value", "not_recorded")

#: Fewest and most options of a question; the keys are letters.
FEWEST, MOST = 2, 10
KEYS = "ABCDEFGHIJ"

#: Statements that a record must hold before its silence counts against an option.
SPOKEN = 10


@dataclass(frozen=True, slots=True)
class FormSettings:
    """What a form may be asked for.

    Attributes:
        options: How many options a question of form ``choice`` has, the right one included.
        not_recorded: Whether an option may be wrong because a well-kept record is silent.

    Raises:
        UsageError: If there would be fewer than two options, or more than ten.
    """

    options: int = 4
    not_recorded: bool = True

    def __post_init__(self) -> None:
        """Hold the settings to their ranges."""
        if not FEWEST <= self.options <= MOST:
            raise UsageError(f"{self.options} options: expected {FEWEST} to {MOST}")


@cache
def form_words() -> dict[str, Any]:
    """Return the wording in ``templates/questions/forms.toml``."""
    table: dict[str, Any] = tomllib.loads(
        data_file("templates", "questions", "forms.toml").read_text("utf-8")
    )
    return table
