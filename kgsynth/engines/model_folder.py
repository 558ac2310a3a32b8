"""A look at a model folder before an engine loads it, so that a wrong path costs one clear line.

Engines find such faults late and deep: a missing file after a minute of imports, a truncated weight
file in a traceback of another process.
"""

import json
import re
from pathlib import Path

from kgsynth.errors import EngineError

_HUB_NAME = re.compile(r"[\w][\w.-]*/[\w][\w.-]*")
_WEIGHTS = ("*.safetensors", "*.bin", "*.pt", "*.gguf")


def check_model(model: str) -> None:
    """Raise unless a text names a model folder that is whole, or could be a name on a hub.

    Args:
        model: What ``--model`` gave: a folder, or a name such as ``Qwen/Qwen3-8B``.

    Raises:
        EngineError: If it is neither, or the folder lacks ``config.json``, weights or their end.
    """
    folder = Path(model).expanduser()
    if model.strip() and folder.is_dir():
        _check_config(folder / "config.json")
        _check_weights(folder)
    elif not model.strip() or folder.exists() or not _HUB_NAME.fullmatch(model):
        found = "a file" if folder.is_file() else "nothing"
        raise EngineError(
            f"no model at {model!r}: found {found}; expected a folder with config.json and weights "
            "in Hugging Face format, or a name such as 'Qwen/Qwen3-8B'; correct --model"
        )


def _check_config(file: Path) -> None:
    try:
        config = json.loads(file.read_text("utf-8"))
    except FileNotFoundError as error:
        raise EngineError(
            f"no model at {str(file.parent)!r}: the folder has no config.json; expected a model in "
            "Hugging Face format; correct --model"
        ) from error
    except (OSError, ValueError) as error:
        raise EngineError(
            f"{file}: cannot be read as JSON: {error}; expected a model's configuration; "
            "fetch the model again"
        ) from error
    if not isinstance(config, dict) or not {"model_type", "architectures"} & config.keys():
        raise EngineError(
            f"{file}: names neither model_type nor architectures; expected a model's "
            "configuration; correct --model"
        )


def _check_weights(folder: Path) -> None:
    files = sorted(file for pattern in _WEIGHTS for file in folder.glob(pattern))
    if not files:
        raise EngineError(
            f"no model at {str(folder)!r}: the folder has no weights; expected "
            f"{', '.join(_WEIGHTS)}; fetch the model again"
        )
    for file in files:
        if file.suffix == ".safetensors":
            _check_safetensors(file)


def _check_safetensors(file: Path) -> None:
    """Compare the size of a file with what its header promises: eight bytes, header, tensors."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        head = stream.read(length) if length < size else b""
    try:
        tensors = json.loads(head)
        tensors.pop("__metadata__", None)
        end = max((tensor["data_offsets"][1] for tensor in tensors.values()), default=0)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(
            f"{file}: is no weight file; expected safetensors, found {_beginning(file)!r}; "
            "fetch the model again (a Git LFS pointer stands for a file not yet fetched)"
        ) from error
    if 8 + length + end > size:
        raise EngineError(
            f"{file}: is cut off: {size} bytes; expected {8 + length + end}; fetch the model again"
        )


def _beginning(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(24)
