# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""How likely somebody speaks, every 32 ms, by the Silero network."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from affect_trackers.speech_recognizer.recognizer import RecognizerError
import numpy as np

RATE_HZ = 16000
FRAME_SAMPLES = 512
_CONTEXT_SAMPLES = 64


class VoiceActivity:
    """
    Silero VAD 6 (Silero Team, 2024, github.com/snakers4/silero-vad; MIT) through onnxruntime.

    Of the package `silero-vad` only the bundled network is used: its Python code needs torch.
    """

    def __init__(self, model_path: str = '') -> None:
        """
        Load the network, of the package or from ``model_path``.

        :raises RecognizerError: a library or the file is missing, or is no such network.
        """
        try:
            import onnxruntime
        except ImportError as error:
            raise RecognizerError(
                "the package 'onnxruntime' is missing; run 'pip install onnxruntime'") from error
        path = Path(model_path) if model_path else _bundled_model()
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(path), sess_options=options, providers=['CPUExecutionProvider'])
            self.reset()
            self.probability(np.zeros(FRAME_SAMPLES, dtype=np.float32))
        # onnxruntime raises classes of its own that have no common name.
        except Exception as error:
            raise RecognizerError(
                f"'{path}' is not a Silero VAD network of 16 kHz: {error}") from error
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._state = np.zeros((2, 1, 128), dtype=np.float32)
        self._input = np.zeros((1, _CONTEXT_SAMPLES + FRAME_SAMPLES), dtype=np.float32)

    def probability(self, frame: np.ndarray) -> float:
        """Return the probability of speech in the next 512 samples at 16 kHz, float32 [512]."""
        self._input[0, :_CONTEXT_SAMPLES] = self._input[0, -_CONTEXT_SAMPLES:]
        self._input[0, _CONTEXT_SAMPLES:] = frame
        output, self._state = self._session.run(None, {
            'input': self._input, 'state': self._state, 'sr': np.array(RATE_HZ, dtype=np.int64)})
        return float(output[0, 0])


def _bundled_model() -> Path:
    # Without importing the package, which would import torch.
    spec = find_spec('silero_vad')
    folders = spec.submodule_search_locations if spec is not None else None
    path = Path(*folders[:1], 'data', 'silero_vad.onnx') if folders else None
    if path is None or not path.is_file():
        raise RecognizerError(
            "the package 'silero-vad' is missing; run 'pip install --no-deps silero-vad==6.2.0'")
    return path
