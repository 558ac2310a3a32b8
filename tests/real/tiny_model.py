"""A model small enough for a test, made to say given things: a real Qwen3, overfit in seconds.

`make_model` trains a byte-level BPE tokenizer and a randomly started model of a few hundred
thousand parameters on pairs of a conversation and what to answer, until it repeats the answers.
What it writes is a folder in Hugging Face format that any engine loads.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

from kgsynth.engines.base import Message

Pair = tuple[tuple[Message, ...], str]

_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
#: No answer token may be ignored by a label: that is what -100 means to the loss.
_IGNORED = -100
#: The largest loss of any token when the model knows its lines: each is 80 % likely at least.
_SURE = 0.22


def make_tokenizer(texts: Sequence[str], vocabulary: int = 4096) -> PreTrainedTokenizerFast:
    """Train a byte-level BPE; a text that stands there several times becomes a single token.

    So the long instructions that all prompts share cost the training next to nothing.
    """
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocabulary,
            special_tokens=_SPECIAL,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    lines = Counter(line for text in texts for line in set(text.splitlines()) if len(line) > 3)
    bpe.add_tokens([line for line, times in lines.items() if times > 1])
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        chat_template=_TEMPLATE,
    )


def make_model(folder: Path, pairs: Sequence[Pair], *, most_steps: int = 400) -> int:
    """Write a model that answers each conversation with its text.

    Args:
        folder: Where to; made when absent.
        pairs: Conversations with their answers; a dozen at most, or training takes long.
        most_steps: When to give up.

    Returns:
        The number of training steps it took.

    Raises:
        RuntimeError: If the model has not learnt its lines by then.
    """
    torch.manual_seed(0)
    # Two threads on a busy machine wait for each other: three times slower than one.
    torch.set_num_threads(1)
    texts = [text for messages, answer in pairs for text in (*_contents(messages), answer)]
    tokenizer = make_tokenizer(texts)
    model = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=len(tokenizer),
            hidden_size=128,
            intermediate_size=256,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=32,
            max_position_embeddings=4096,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    steps = _overfit(model, *_batch(tokenizer, pairs), most_steps)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return steps


def _contents(messages: Sequence[Message]) -> list[str]:
    return [message.content for message in messages]


def _batch(
    tokenizer: PreTrainedTokenizerFast, pairs: Sequence[Pair]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and labels: shape (pairs, longest); prompts and padding have no label.

    There is no attention mask: the padding stands on the right, where nothing looks at it.
    """
    rows = []
    for messages, answer in pairs:
        turns = [{"role": m.role, "content": m.content} for m in messages]
        prompt = list(
            tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=False)
        )
        said = [*tokenizer.encode(answer, add_special_tokens=False), tokenizer.eos_token_id]
        rows.append((prompt, said))
    longest = max(len(prompt) + len(said) for prompt, said in rows)
    ids = torch.full((len(rows), longest), tokenizer.pad_token_id)
    labels = torch.full((len(rows), longest), _IGNORED)
    for row, (prompt, said) in enumerate(rows):
        end = len(prompt) + len(said)
        ids[row, :end] = torch.tensor(prompt + said)
        labels[row, len(prompt) : end] = torch.tensor(said)
    return ids, labels


def _overfit(
    model: Qwen3ForCausalLM, ids: torch.Tensor, labels: torch.Tensor, most_steps: int
) -> int:
    """Train until every token of every answer is the likeliest one by far."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    wanted = labels[:, 1:]
    said = wanted != _IGNORED
    model.train()
    for step in range(1, most_steps + 1):
        hidden = model.model(input_ids=ids).last_hidden_state[:, :-1]
        losses = torch.nn.functional.cross_entropy(
            model.lm_head(hidden[said]), wanted[said], reduction="none"
        )
        if losses.detach().max() < _SURE:
            return step
        losses.mean().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
    raise RuntimeError(f"the tiny model has not learnt its lines in {most_steps} steps")
