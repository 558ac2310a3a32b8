"""A path that is no model costs one clear line before anything heavy is loaded."""

import json
import struct
from pathlib import Path

import pytest

from kgsynth.engines.model_folder import check_model
from kgsynth.errors import EngineError

CONFIG = '{"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"]}'


def safetensors(values: int = 4) -> bytes:
    head = json.dumps(
        {"w": {"dtype": "F32", "shape": [values], "data_offsets": [0, 4 * values]}}
    ).encode()
    return struct.pack("<Q", len(head)) + head + bytes(4 * values)


def folder(tmp_path: Path, **files: bytes | str) -> str:
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / name.replace("__", ".")).write_bytes(data)
    return str(tmp_path)


def test_a_whole_folder_and_a_hub_name_pass(tmp_path: Path) -> None:
    check_model(folder(tmp_path, config__json=CONFIG, model__safetensors=safetensors()))
    check_model("Qwen/Qwen3-8B")


@pytest.mark.parametrize("model", ["./absent", "/absent/model", "model", "a/b/c", "", " ", "../x"])
def test_a_path_to_nothing_is_refused(model: str) -> None:
    with pytest.raises(EngineError, match=r"no model at .*expected a folder with config.json"):
        check_model(model)


def test_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.txt"
    file.write_text("hello")
    with pytest.raises(EngineError, match="found a file"):
        check_model(str(file))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no config.json"),
        ({"config__json": "<html>"}, "cannot be read as JSON"),
        ({"config__json": b"\xff\xfe"}, "cannot be read as JSON"),
        ({"config__json": "{}"}, "names neither model_type nor architectures"),
        ({"config__json": "[]"}, "names neither model_type nor architectures"),
        ({"config__json": CONFIG}, "the folder has no weights"),
        (
            {
                "config__json": CONFIG,
                "model__safetensors": "version https://git-lfs.github.com/spec/v1\noid sha256:4d7",
            },
            "is no weight file.*Git LFS pointer",
        ),
        ({"config__json": CONFIG, "model__safetensors": b""}, "is no weight file"),
        ({"config__json": CONFIG, "model__safetensors": safetensors()[:-1]}, "is cut off"),
    ],
)
def test_a_folder_that_is_not_whole_is_refused(
    files: dict[str, bytes | str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(EngineError, match=message):
        check_model(folder(tmp_path, **files))
