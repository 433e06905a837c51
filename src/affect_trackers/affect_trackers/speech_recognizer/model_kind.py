# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whose model a file or folder is, from what it holds."""

import json
from pathlib import Path

from affect_trackers.speech_recognizer.recognizer import RecognizerError

EXPECTED = (
    'a pocketsphinx folder (mdef, *.lm.bin, *.dict), a Vosk folder (am/final.mdl, conf/), or a '
    'Whisper model: a folder with model.bin and tokenizer.json (faster-whisper), a folder with '
    'config.json and *.safetensors (transformers), a *.pt file (openai-whisper), or a '
    'ggml-*.bin file (whisper.cpp)')


def kind_of(model_path: str) -> str:
    """
    Return `pocketsphinx`, `vosk` or `whisper`.

    :raises RecognizerError: nothing is there, or it is no model of theirs.
    """
    path = Path(model_path)
    if not path.exists():
        raise RecognizerError(f"parameter 'model_path': there is no file or folder '{path}'")
    if whisper_cpp_file(path) is not None or openai_checkpoint(path) is not None:
        return 'whisper'
    if path.is_dir():
        if _has(path, 'mdef', '*/mdef'):
            return 'pocketsphinx'
        if _has(path, 'am/final.mdl', 'final.mdl'):
            return 'vosk'
        if _has(path, 'config.json') and _has(path, 'model.bin', '*.safetensors', 'pytorch_*.bin'):
            _refuse_other_networks(path)
            return 'whisper'
        inside = [each for each in path.iterdir() if each.is_dir()]
        if len(inside) == 1 and _has(inside[0], 'am/final.mdl', 'config.json', 'mdef'):
            raise RecognizerError(
                f"parameter 'model_path': the model is one folder further in: '{inside[0]}'")
    raise RecognizerError(
        f"parameter 'model_path': '{path}' is no model that is known here; expected: {EXPECTED}")


def whisper_cpp_file(path: Path) -> Path | None:
    """Return whisper.cpp's file: ``path`` itself or the only one in it."""
    return _only(path, 'ggml*.bin')


def openai_checkpoint(path: Path) -> Path | None:
    """Return openai-whisper's checkpoint: ``path`` itself or the only one in it."""
    return _only(path, '*.pt')


def _only(path: Path, pattern: str) -> Path | None:
    if path.is_file():
        return path if path.match(pattern) else None
    found = list(path.glob(pattern))
    return found[0] if len(found) == 1 else None


def _has(folder: Path, *patterns: str) -> bool:
    return any(True for pattern in patterns for _ in folder.glob(pattern))


def _refuse_other_networks(folder: Path) -> None:
    try:
        config = json.loads((folder / 'config.json').read_text(encoding='utf-8'))
    except (OSError, ValueError) as error:
        raise RecognizerError(
            f"parameter 'model_path': '{folder / 'config.json'}' is unreadable: {error}"
        ) from error
    # CTranslate2's config of Whisper names no type; Hugging Face's does.
    kind = config.get('model_type', 'whisper') if isinstance(config, dict) else 'unknown'
    if kind != 'whisper':
        raise RecognizerError(
            f"parameter 'model_path': '{folder}' holds a network of type '{kind}', not Whisper")
