"""Exports train in TRL's own trainers as they are, on a tiny model made here.

The model is overfit on the answers first, so that the reward sees right answers and not noise.
"""

from pathlib import Path
from typing import Any

import pytest

from kgsynth.datasets.card import About
from kgsynth.datasets.files import dump_row
from kgsynth.datasets.formats import export_run
from kgsynth.datasets.rewards import answer_reward, format_reward
from kgsynth.datasets.splits import split_rows
from kgsynth.datasets.write import write_dataset
from kgsynth.engines.base import Message
from tests.factories import JOUBERT, PARALYSIS, make_row, numbered

pytestmark = [
    pytest.mark.real,
    # Raised inside torch and TRL, about themselves.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

trl = pytest.importorskip("trl", reason="needs trl; run by `make test-real`")
datasets = pytest.importorskip("datasets", reason="needs datasets; run by `make test-real`")

ROWS = [make_row(numbered(chain, number)) for number in range(6) for chain in (PARALYSIS, JOUBERT)]

#: As Qwen3's: what an assistant thinks stands before what it says.
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% if m['reasoning_content'] %}<think>\n{{ m['reasoning_content'] }}\n</think>\n\n{% endif %}"
    "{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that answers the two questions of `ROWS`, and writes thinking where told to."""
    from tests.real.tiny_model import make_model

    folder = tmp_path_factory.mktemp("model")
    asked = {row.prompt: row.answer for row in ROWS}
    pairs = [((Message("user", prompt),), answer) for prompt, answer in asked.items()]
    make_model(folder, pairs)
    return folder


def load(name: str, folder: Path) -> Any:
    """Export `ROWS` and open the training split as a trainer's user would."""
    run = folder / "run"
    splits = split_rows(ROWS, {"GeneticInheritance": 41, "PhenotypicFeature": 18_385})
    write_dataset(run / "dataset", [dump_row(row) for row in ROWS], splits, About("run"))
    exported, _ = export_run(run, name)
    return datasets.load_dataset(str(exported), cache_dir=str(folder / "cache"))["train"]


def settings(kind: type, folder: Path, **more: Any) -> Any:
    """Return a trainer's settings: two steps, on the processor, nothing written or reported."""
    return kind(
        output_dir=str(folder / "out"),
        max_steps=2,
        use_cpu=True,
        bf16=False,
        report_to=[],
        save_strategy="no",
        logging_steps=1,
        disable_tqdm=True,
        **more,
    )


def test_sft_learns_reasoning_and_answer_and_not_the_prompt(model: Path, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    tokenizer.chat_template = TEMPLATE
    trainer = trl.SFTTrainer(
        model=str(model),
        args=settings(trl.SFTConfig, tmp_path, per_device_train_batch_size=2, max_length=4096),
        train_dataset=load("trl-sft", tmp_path),
        processing_class=tokenizer,
    )
    example = next(iter(trainer.train_dataset))
    learned = tokenizer.decode([token for token in example["labels"] if token >= 0])
    by_id = {row.id: row for row in ROWS}
    row = by_id[load("trl-sft", tmp_path)[0]["id"]]
    reasoning = "\n".join(step.text for step in row.trace)
    assert learned.strip() == f"<think>\n{reasoning}\n</think>\n\n{row.answer}<|im_end|>"
    trainer.train()
    assert trainer.state.global_step == 2
    assert all(entry["loss"] > 0 for entry in trainer.state.log_history if "loss" in entry)


def test_grpo_rewards_the_right_answers_of_a_model_that_knows_them(
    model: Path, tmp_path: Path
) -> None:
    trainer = trl.GRPOTrainer(
        model=str(model),
        reward_funcs=[answer_reward, format_reward],
        args=settings(
            trl.GRPOConfig,
            tmp_path,
            per_device_train_batch_size=4,
            num_generations=4,
            max_completion_length=48,
            temperature=0.2,
        ),
        train_dataset=load("trl-grpo", tmp_path),
    )
    trainer.train()
    logged = [entry for entry in trainer.state.log_history if "reward" in entry]
    assert trainer.state.global_step == 2
    assert len(logged) == 2
    assert all(entry["rewards/answer_reward/mean"] > 0.5 for entry in logged)
    # It gives the answer at once, without reasoning, and that is not what was asked for.
    assert all(entry["rewards/format_reward/mean"] < 0.5 for entry in logged)
