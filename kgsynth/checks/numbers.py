"""Numbers in words and figures."""

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = {word: value for value, word in enumerate(_SMALL.split())}
NUMBER_WORDS |= {word: value * 10 for value, word in enumerate(_TENS.split(), start=2)}


def number_of(text: str) -> int | None:
    """Return the number that a word or figure stands for, None where it is none.

    Example:
        >>> [number_of(text) for text in ("six", "Twenty-one", "1,204", "these")]
        [6, 21, 1204, None]
    """
    plain = text.replace(",", "").lower()
    if plain.isdigit():
        return int(plain)
    tens, _, ones = plain.partition("-")
    if ones:
        return (
            NUMBER_WORDS[tens] + NUMBER_WORDS[ones]
            if tens in NUMBER_WORDS and ones in NUMBER_WORDS
            else None
        )
    return NUMBER_WORDS.get(plain)
