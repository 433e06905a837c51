# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Make the utterances of the simulated wearer with Flite (run once; its output is in the package).

`apt install flite`, then `python -m affect_sensors.simulation.render_utterances`.
With the arousal of a category rise pitch, its range, and tempo (Banse & Scherer, J. Pers. Soc.
Psychol. 1996; Juslin & Laukka, Psychol. Bull. 2003); sizes are ours.
"""

import sys

from affect_sensors.simulation.flite import RATE_HZ
from affect_sensors.simulation.flite import speak
from affect_sensors.simulation.utterance_files import categories
from affect_sensors.simulation.utterance_files import path_of
from affect_sensors.simulation.utterance_files import VOICES
import soundfile

# Quiet sound takes less room. Speech stays 50 dB above the rounding, 40 above the wearer's room.
_PEAK = 1023.0 / 32768.0


def main() -> int:
    """Render every sentence in every voice."""
    for voice in VOICES:
        for category in categories():
            for sentence, text in enumerate(category.sentences):
                path = path_of(voice, category, sentence)
                path.parent.mkdir(parents=True, exist_ok=True)
                sound = speak(voice, text, category.arousal)
                soundfile.write(
                    path, _PEAK * sound, RATE_HZ, subtype='PCM_16', format='FLAC',
                    compression_level=1.0)
                print(f'{path.name}: {len(sound) / RATE_HZ:.2f} s')
    return 0


if __name__ == '__main__':
    sys.exit(main())
