"""What fills the slots of a sentence."""

from kgsynth.questions.grammar import sentence


class Slots(dict[str, str]):
    """Slots by name; with a capital (``{Finds}``) one begins a sentence.

    Example:
        >>> "{F} {is} recorded with {f}.".format_map(Slots({"f": "ptosis", "is": "is"}))
        'Ptosis is recorded with ptosis.'
    """

    def __missing__(self, name: str) -> str:
        """Return a slot for the beginning of a sentence."""
        if name.islower():
            raise KeyError(name)
        return sentence(self[name.lower()])
