# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a file is a whole model of whisper.cpp, which ends the process on one that is not."""

from pathlib import Path
import struct

from affect_trackers.speech_recognizer.recognizer import RecognizerError

_MAGIC = b'lmgg'  # 0x67676d6c, least byte first
_HEADER = struct.Struct('<4s11i')
# Bytes per weight by the type of the file (ggml_ftype); those of a later type are not judged.
_BYTES = {
    0: 4.0, 1: 2.0, 2: 0.5625, 3: 0.625, 7: 1.0625, 8: 0.6875, 9: 0.75, 10: 0.328, 11: 0.43,
    12: 0.5625, 13: 0.6875, 14: 0.82}
_QUANTISATION = 1000  # versions of it are counted in thousands of the type
_TOLERANCE = 0.9


def check_ggml(path: Path) -> None:
    """
    Raise unless header and size are those of a Whisper model (whisper.cpp, format `ggml`).

    :raises RecognizerError: it is something else, or the end is missing.
    """
    with path.open('rb') as file:
        head = file.read(_HEADER.size)
    if len(head) < _HEADER.size or head[:4] != _MAGIC:
        raise RecognizerError(
            f"parameter 'model_path': '{path}' does not begin as whisper.cpp's ggml files do")
    (_, words, _, audio_state, _, audio_layers, _, text_state, _, text_layers, _,
     kind) = _HEADER.unpack(head)
    if not (0 < words < 10**6 and 0 < audio_state < 10**5 and 0 < text_state < 10**5
            and 0 < audio_layers < 1000 and 0 < text_layers < 1000):
        raise RecognizerError(
            f"parameter 'model_path': '{path}' is a ggml file and no Whisper model")
    # Attention and two dense layers in each; the decoder's look at the encoder as well.
    weights = (
        12 * audio_layers * audio_state ** 2 + 16 * text_layers * text_state ** 2
        + words * text_state)
    least = _TOLERANCE * _BYTES.get(kind % _QUANTISATION, 0.0) * weights
    if path.stat().st_size < least:
        raise RecognizerError(
            f"parameter 'model_path': '{path}' has {path.stat().st_size / 1e6:.0f} MB and such a "
            f'model more than {least / 1e6:.0f}; fetch it again')
