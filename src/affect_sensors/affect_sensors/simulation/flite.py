# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Flite, a text-to-speech program of the distributions (`apt install flite`), when present."""

from pathlib import Path
import subprocess
import tempfile

import numpy as np
import soundfile

RATE_HZ = 16000
_SILENT_BELOW = 0.01


class FliteError(RuntimeError):
    """Flite is missing, failed, or speaks at another rate."""


def speak(voice: str, text: str, arousal: float = 0.0) -> np.ndarray:
    """
    Return a text as Flite says it, float64 [n] at 16 kHz, peak 1, without silence at its ends.

    With ``arousal`` rise pitch (five semitones per unit), its range, and tempo.

    :raises FliteError: it can't be said.
    """
    settings = {
        'f0_shift': 2.0 ** (5.0 * arousal / 12.0),
        'int_f0_target_stddev': 25.0 + 15.0 * arousal,
        'duration_stretch': 1.1 / (1.0 + 0.25 * arousal),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'said.wav'
        command = ['flite', '-voice', voice]
        for name, value in settings.items():
            command += ['--setf', f'{name}={value:.4f}']
        try:
            subprocess.run(
                [*command, '-t', text, '-o', str(path)], check=True, capture_output=True,
                timeout=60.0)
            sound, rate_hz = soundfile.read(path)
        except (OSError, subprocess.SubprocessError, soundfile.LibsndfileError) as error:
            raise FliteError(f"flite failed: {error}; run 'apt install flite'") from error
    if rate_hz != RATE_HZ:
        raise FliteError(f"voice '{voice}' speaks at {rate_hz} Hz instead of {RATE_HZ}")
    loud = np.flatnonzero(np.abs(sound) > _SILENT_BELOW * np.abs(sound).max(initial=0.0))
    if not len(loud):
        raise FliteError(f"flite says nothing of '{text}'; are there words in it?")
    margin = round(0.02 * RATE_HZ)
    return sound[max(loud[0] - margin, 0):loud[-1] + margin] / np.abs(sound).max()
