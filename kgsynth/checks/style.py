"""Is the text clean? Only what no careful writer leaves in; taste is not judged."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kgsynth.records import Finding

if TYPE_CHECKING:
    from kgsynth.checks.base import Context

#: Longest step and question, in code points; those of templates have under 700.
MOST_STEP, MOST_QUESTION = 2000, 3000

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
DOUBLED = re.compile(r"\b([a-z]{2,}) \1\b", re.IGNORECASE)
_SLIPS = r"  +| [,.;:!?](?!\d)|\(\s|\s\)|[,;:]{2,}|\.\.(?!\.)|[\r\t\u00a0]"
SLIP, _STRAY = re.compile(_SLIPS), re.compile(rf"  +|^\s|\s$|{_SLIPS}")
ARTICLE = re.compile(r"(?<![\w-])([Aa]n?) ([A-Za-z][\w'’-]*)")

#: Sound decides: these begin with a vowel letter and a consonant sound, and the reverse.
_SAID_WITH_A = re.compile(r"(?:uni(?!n|m)|us[ae]|usu|ut[ei]|ur[eio]|u-|u$|eu|ewe|one\b|once)", re.I)
_SAID_WITH_AN = re.compile(r"(?:hour|honest|heir|[aefhilmnorsx](?:-|$))", re.I)
_SPELLED_OUT = re.compile(r"[A-Z]{2,}[0-9]*\b|[A-Z]\d")


def check_style(context: "Context") -> Iterator[Finding]:
    """Yield findings where a text is empty, repeats itself or has slips of the keyboard.

    Yields:
        ``empty_text``, ``too_long``, ``repeated_sentence``, ``doubled_word``, ``unbalanced``,
        ``unprintable``, ``wrong_article``, ``sentence_end``.
    """
    row = context.row
    yield from _text(context, row.question, -1, MOST_QUESTION)
    seen: dict[str, int] = {}
    for index, step in enumerate(row.trace):
        yield from _text(context, step.text, index, MOST_STEP)
        for sentence in _SENTENCE.split(step.text):
            if seen.setdefault(sentence, index) != index or step.text.count(sentence) > 1:
                message = f"stands twice: {sentence!r}"
                yield Finding("repeated_sentence", index, message=message)
        if not step.concludes.strip():
            yield Finding("empty_text", index, message="the step concludes nothing")


def _text(context: "Context", text: str, index: int, most: int) -> Iterator[Finding]:
    if not text.strip():
        yield Finding("empty_text", index, message="there is no text")
        return
    if len(text) > most:
        yield Finding("too_long", index, message=f"{len(text)} characters, more than {most}")
        return
    if text[-1] in ".?!" and not (text[0].isspace() or text[0].islower()) and context.is_tidy(text):
        return
    yield from _words(context, text, index)
    for start, sign in _unprintable(text):
        message = f"{sign!r} is not for print"
        yield Finding("unprintable", index, start, start + len(sign), message=message)
    for opening, closing in ("()", "[]", "“”"):
        if text.count(opening) != text.count(closing):
            yield Finding("unbalanced", index, message=f"{opening} and {closing} do not pair")
    if text.count('"') % 2:
        yield Finding("unbalanced", index, message='a " has no partner')
    if text.rstrip()[-1] not in ".?!" or text[0].islower():
        message = "begins or ends as no sentence does"
        yield Finding("sentence_end", index, message=message)


def _words(context: "Context", text: str, index: int) -> Iterator[Finding]:
    for match in DOUBLED.finditer(text):
        # Names may repeat a word ("Walker-Warburg", "long long-bone"); a spelling is not ours.
        inside = any(
            m.start <= match.start() and match.end() <= m.end for m in context.mentions(text)
        )
        if not inside:
            yield Finding("doubled_word", index, *match.span(), message=f"{match[0]!r}")
    for match in ARTICLE.finditer(text):
        article, word = match.groups()
        inside = any(m.start <= match.start() < m.end for m in context.mentions(text))
        if not inside and article_is_wrong(article, word):
            yield Finding("wrong_article", index, *match.span(), message=f"{match[0]!r}")


def article_is_wrong(article: str, word: str) -> bool:
    """Say whether 'a' or 'an' is wrong before a word; a single capital 'A' may be no article.

    Example:
        >>> [article_is_wrong(*pair) for pair in (("a", "ear"), ("an", "eye"), ("a", "uniform"))]
        [True, False, False]
    """
    if word.lower() in ("and", "or", "is", "are") or (article == "A" and word.isupper()):
        return False
    if _SPELLED_OUT.match(word):
        # Letters are said one by one, or the acronym is a word; only the sure cases count.
        return (
            (article.lower() == "a") == (word[0] in "AEIO")
            if word[0] in "AEIOBCDGJKPQTVWYZ"
            else False
        )
    if _SAID_WITH_AN.match(word):
        vowel = True
    elif _SAID_WITH_A.match(word):
        vowel = False
    else:
        vowel = word[0].lower() in "aeiou"
    return vowel == (article.lower() == "a")


def _unprintable(text: str) -> Iterator[tuple[int, str]]:
    for match in _STRAY.finditer(text):
        yield match.start(), match[0]
    for at, sign in enumerate(text) if not text.isprintable() else ():
        if not sign.isprintable() and sign not in "\r\t\u00a0":
            yield at, sign
