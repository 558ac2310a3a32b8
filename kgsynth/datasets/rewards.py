"""Rewards for training with verifiable answers: right or not, decided without a model.

    from kgsynth.datasets.rewards import answer_reward, format_reward
    GRPOTrainer(..., reward_funcs=[answer_reward, format_reward])

Both take what TRL's ``GRPOTrainer`` passes: the completions and, by name, the columns of
``kgsynth export RUN --to trl-grpo``. Only the standard library is imported. An answer must be
*equal* to one of its recorded names after spelling is evened out; text that merely contains the
right name among others earns nothing, so listing candidates never pays.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

#: An answer longer than this many characters is not one; it is not even looked at.
LONGEST_ANSWER = 300

#: The same for a list of answers.
LONGEST_LIST = 2_000

#: No more than this much of the end of a completion is read.
LONGEST_TAIL = 20_000

_LABEL = re.compile(
    r"(?:the |my )?"
    r"(?:(?:final|correct) )?answer\s*(?:is\b\s*:?|[:=：])\s*",
    re.IGNORECASE,
)
_CONCLUSION = re.compile(r"(?:so|thus|hence|therefore|in conclusion)\b[,:]?\s+", re.IGNORECASE)
_LEAD_IN = re.compile(r"(?:it is|this is|that is|it's)\s+", re.IGNORECASE)
_MARK = re.compile(r"(?:[-*•–+]|\(?[0-9]{1,2}[.)])\s+")
_LIST_MARK = re.compile(rf"{_MARK.pattern}|\(?[A-Za-z][.)]\s+")
_OPTION = re.compile(r"\(?([A-J])\)?(?:[.):]\s*(.*))?", re.DOTALL)
_BOXED = re.compile(r"\\(?:boxed|text|textbf|mathrm|mathbf)\s*\{([^{}]*)\}")
_PARENTHESES = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]")
_MARKUP = re.compile(r"[*`#>$|~\"“”„«»]|(?<!\w)_+|_+(?!\w)")
# Only at the start: "hemophilia A" without its last word would be another disease.
_ARTICLE = re.compile(r"^(?:a|an|the) +|\bthe\b")
_MODE = re.compile(r"^(?:mode of inheritance )?(.+?)(?: (?:mode of )?inheritance)?$")
_PLURALS = (
    (re.compile(r"\b([a-z]{3,})ies\b"), r"\1y"),
    (re.compile(r"\b([a-z]{2,}(?:ss|x|sh|ch))es\b"), r"\1"),
    (re.compile(r"\b([a-z]{3,}[a-hj-rtv-z])s\b"), r"\1"),  # not -is, -us, -ss
)
_GREEK_NAMES = (
    ("α", "alpha"), ("β", "beta"), ("γ", "gamma"), ("δ", "delta"), ("ε", "epsilon"),
    ("ζ", "zeta"), ("η", "eta"), ("θ", "theta"), ("κ", "kappa"), ("λ", "lambda"),
    ("μ", "mu"), ("ν", "nu"), ("ξ", "xi"), ("π", "pi"), ("ρ", "rho"), ("σ", "sigma"),
    ("τ", "tau"), ("φ", "phi"), ("χ", "chi"), ("ψ", "psi"), ("ω", "omega"),
)  # fmt: skip
_GREEK = {ord(letter): f" {name} " for letter, name in _GREEK_NAMES}


def answer_reward(
    completions: Sequence[Any],
    answer: Sequence[str],
    aliases: Sequence[Sequence[str]] | None = None,
    answer_key: Sequence[str] | None = None,
    members: Sequence[Sequence[Sequence[str]]] | None = None,
    **kwargs: Any,
) -> list[float]:
    r"""Return 1.0 for each completion whose last line is the answer, else 0.0.

    Where several answers are asked for, the last line must name all of them and nothing else, in
    whatever order; part of a list earns nothing.

    Args:
        completions: Texts, or conversations as lists of messages whose last one counts.
        answer: The right answer of each.
        aliases: Other names of it, each as good.
        answer_key: The key of the right option ("" where there are none); ``B`` and
            ``B) SCN4A`` are then right too.
        members: Of a list question the names of each answer; empty where one is asked for.
        **kwargs: The other columns and whatever else the trainer passes; not looked at.

    Returns:
        One reward for each completion, in order.

    Raises:
        ValueError: If a column is not as long as the completions.

    Example:
        >>> answer_reward(
        ...     ["The gene is SCN4A.\nAnswer: autosomal recessive", "dominant or recessive"],
        ...     answer=["Autosomal recessive inheritance"] * 2,
        ... )
        [1.0, 0.0]
    """
    others = aliases if aliases is not None else [()] * len(completions)
    keys = answer_key if answer_key is not None else [""] * len(completions)
    lists = members if members is not None else [()] * len(completions)
    return [
        float(
            names_all(completion_text(completion), parts)
            if parts
            else is_right(completion_text(completion), [right, *(also or ())], key or "")
        )
        for completion, right, also, key, parts in zip(
            completions, answer, others, keys, lists, strict=True
        )
    ]


def format_reward(
    completions: Sequence[Any],
    members: Sequence[Sequence[Sequence[str]]] | None = None,
    **kwargs: Any,
) -> list[float]:
    r"""Return 1.0 for each completion that reasons first and ends in one short answer, else 0.0.

    What was asked for: reasoning in whole sentences, then the answer alone on the last line.
    Reasoning that a model keeps apart (``reasoning_content``, ``<think>``) counts.

    Example:
        >>> format_reward(["Only one disorder has both findings.\nSCN4A", "SCN4A"])
        [1.0, 0.0]
    """
    lists = members if members is not None else [()] * len(completions)
    return [
        float(_is_well_formed(completion, max(1, len(parts or ()))))
        for completion, parts in zip(completions, lists, strict=True)
    ]


def is_right(text: str, names: Sequence[str], key: str = "") -> bool:
    """Say whether the last line of a text is one of the names, and nothing else.

    Args:
        text: A completion.
        names: The right answer and its aliases.
        key: The key of the right option, or "".
    """
    given = final_answer(text)
    if not given:
        return False
    right = {normalize(name) for name in names if isinstance(name, str)} - {""}
    if key:
        option = _OPTION.fullmatch(given)
        if option is not None and (option[2] is None or option[1] == key):
            rest = option[2]
            return option[1] == key and (not rest or normalize(rest) in right)
    if normalize(given) in right:
        return True
    # "LTBP3 (latent TGF-beta binding protein 3)": right if both are names of the answer.
    both = _PARENTHESES.fullmatch(given)
    return both is not None and {normalize(both[1]), normalize(both[2])} <= right


def names_all(text: str, members: Sequence[Sequence[str]]) -> bool:
    r"""Say whether the last line of a text names every member of a list, and nothing else.

    Args:
        text: A completion.
        members: The names of each member; any of them will do, in any order, joined by commas,
            semicolons or "and".

    Example:
        >>> names_all("So:\nAnswer: CLCN1 and SCN4A", [["SCN4A", "NAV1.4"], ["CLCN1"]])
        True
        >>> names_all("SCN4A, CLCN1 and KCNJ2", [["SCN4A"], ["CLCN1"]])
        False
    """
    words = tuple(normalize(final_answer(text, LONGEST_LIST).replace("&", " and ")).split())
    known = [
        {tuple(normalize(name).split()) for name in names if isinstance(name, str)} - {()}
        for names in members
    ]
    everyone = (1 << len(known)) - 1
    # What has been named once the text is read up to each word; names may share beginnings.
    reached: list[set[int]] = [set() for _ in range(len(words) + 1)]
    reached[0].add(0)
    for at, word in enumerate(words):
        if word == "and":
            reached[at + 1] |= reached[at]
        for place, names in enumerate(known if reached[at] else ()):
            for name in names:
                if words[at : at + len(name)] == name:
                    reached[at + len(name)] |= {named | 1 << place for named in reached[at]}
    return bool(words) and everyone in reached[-1]


def final_answer(text: str, longest: int = LONGEST_ANSWER) -> str:
    r"""Return the answer that a text gives on its last line, or "" if it gives none or several.

    Markdown, LaTeX boxes, a label (``Answer:``, ``the answer is``) and the closing full stop are
    taken off. A text that labels two different answers, that ends in a list, or whose thinking
    never ends gives none.

    Example:
        >>> final_answer("First ...\n**Final answer:** $\\boxed{SCN4A}$.")
        'SCN4A'
        >>> final_answer("Answer: dominant\nAnswer: recessive")
        ''
    """
    lines = _lines(text)
    if not lines or len(lines[-1]) > longest:
        return ""
    if len(lines) > 1 and _LIST_MARK.match(lines[-1]) and _LIST_MARK.match(lines[-2]):
        return ""
    labelled = {normalize(_bare(line)) for line in lines if _is_labelled(line)}
    given = _bare(lines[-1])
    return given if labelled <= {normalize(given)} else ""


def normalize(name: str) -> str:
    """Return a name with spelling evened out, for comparison only.

    Case, accents, hyphens, punctuation, a leading article, how a Greek letter is written, plurals
    and a closing "inheritance" make no difference; every other word and their order do.

    Example:
        >>> normalize("The Rod-Cone Dystrophies")
        'rod cone dystrophy'
        >>> normalize("Autosomal recessive inheritance")
        'autosomal recessive'
    """
    text = unicodedata.normalize("NFKD", name).casefold().translate(_GREEK)
    text = text.replace("'", "").replace("’", "")
    text = "".join(
        letter if letter.isalnum() else " "
        for letter in text
        if unicodedata.category(letter) not in ("Cf", "Mn")
    )
    text = " ".join(_ARTICLE.sub(" ", " ".join(text.split())).split())
    for plural, singular in _PLURALS:
        text = plural.sub(singular, text)
    mode = _MODE.match(text)
    return mode[1] if mode is not None else text


def completion_text(completion: Any) -> str:
    """Return the text of a completion: itself, or the content of its last message.

    Anything that holds no text gives "": an empty conversation, a call without content.
    """
    if isinstance(completion, str):
        return completion
    if isinstance(completion, dict):
        return completion_text(completion.get("content"))
    if isinstance(completion, list | tuple) and completion:
        last = completion[-1]
        if isinstance(last, dict) and "text" in last and "content" not in last:
            return "".join(str(part.get("text") or "") for part in completion)
        return completion_text(last)
    return ""


def _lines(text: str) -> list[str]:
    """Return the lines of the end of a text that are not empty, thinking left out."""
    tail = text[-LONGEST_TAIL:]
    if "</think>" in tail:
        tail = tail.rpartition("</think>")[2]
    elif "<think>" in text and "</think>" not in text:
        return []
    return [line for line in (line.strip() for line in tail.splitlines()) if _plain(line)]


def _plain(line: str) -> str:
    """Return a line without Markdown and LaTeX, unless nothing would be left."""
    while (opened := _BOXED.sub(r"\1", line)) != line:
        line = opened
    return _MARKUP.sub("", line).strip()


def _is_labelled(line: str) -> bool:
    """Say whether a line announces the answer: ``Answer: …``, ``so the answer is …``."""
    text = _plain(line)
    matched = _CONCLUSION.match(text)
    return _LABEL.match(text, matched.end() if matched else 0) is not None


def _bare(line: str) -> str:
    """Return what a line gives as an answer: no markup, mark, label, lead-in or full stop."""
    text = _plain(line)
    for beginning in (_MARK, _CONCLUSION, _LABEL, _LEAD_IN):
        matched = beginning.match(text)
        text = text[matched.end() :] if matched else text
    return text.strip().rstrip(".!?").strip()


def _is_well_formed(completion: Any, parts: int = 1) -> bool:
    """Say whether a completion reasons, then ends in one line that can be an answer."""
    text = completion_text(completion)
    lines = _lines(text)
    if not lines or not final_answer(text, LONGEST_ANSWER if parts == 1 else LONGEST_LIST):
        return False
    apart = "</think>" in text or _reasoning_content(completion)
    short = len(lines[-1]) <= 120 * parts and len(lines[-1].split()) <= 15 * parts
    return short and (len(lines) > 1 or bool(apart))


def _reasoning_content(completion: Any) -> bool:
    """Say whether the last message of a conversation carries reasoning apart."""
    last = completion[-1] if isinstance(completion, list | tuple) and completion else completion
    return isinstance(last, dict) and bool(str(last.get("reasoning_content") or "").strip())
