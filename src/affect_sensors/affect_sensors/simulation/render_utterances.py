# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Make the utterances of the simulated wearer with Flite (run once; its output is in the package).

`apt install flite`, then `python -m affect_sensors.simulation.render_utterances`.
With the arousal of a category rise pitch (five semitones per unit), its range, and tempo (Banse &
Scherer, J. Pers. Soc. Psychol. 1996; Juslin & Laukka, Psychol. Bull. 2003); sizes are ours.
"""

from pathlib import Path
import subprocess
import sys
import tempfile

from affect_sensors.simulation.utterance_files import categories
from affect_sensors.simulation.utterance_files import Category
from affect_sensors.simulation.utterance_files import path_of
from affect_sensors.simulation.utterance_files import RATE_HZ
from affect_sensors.simulation.utterance_files import VOICES
import numpy as np
import soundfile

# Quiet sound takes less room. Speech stays 50 dB above the rounding, 40 above the wearer's room.
_PEAK = 1023.0 / 32768.0
_SILENT_BELOW = 0.01


def render(voice: str, category: Category, sentence: int) -> np.ndarray:
    """
    Return one sentence, float64 [n] at 16 kHz, without silence at its ends.

    :raises RuntimeError: Flite is missing, fails, or speaks at another rate.
    """
    arousal = category.arousal
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
                [*command, '-t', category.sentences[sentence], '-o', str(path)], check=True,
                capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise RuntimeError(f"flite failed: {error}; run 'apt install flite'") from error
        sound, rate_hz = soundfile.read(path)
    if rate_hz != RATE_HZ:
        raise RuntimeError(f"voice '{voice}' speaks at {rate_hz} Hz instead of {RATE_HZ}")
    sound = sound / np.abs(sound).max()
    loud = np.flatnonzero(np.abs(sound) > _SILENT_BELOW)
    margin = round(0.02 * RATE_HZ)
    return sound[max(loud[0] - margin, 0):loud[-1] + margin]


def main() -> int:
    """Render every sentence in every voice."""
    for voice in VOICES:
        for category in categories():
            for sentence in range(len(category.sentences)):
                path = path_of(voice, category, sentence)
                path.parent.mkdir(parents=True, exist_ok=True)
                sound = render(voice, category, sentence)
                soundfile.write(
                    path, _PEAK * sound, RATE_HZ, subtype='PCM_16', format='FLAC',
                    compression_level=1.0)
                print(f'{path.name}: {len(sound) / RATE_HZ:.2f} s')
    return 0


if __name__ == '__main__':
    sys.exit(main())
