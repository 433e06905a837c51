# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
One encoder per modality: a folder each with features (numpy), model (torch) and a thin node.

On files, arrays and text, without ROS::

    import affect_encoders
    result = affect_encoders.load('voice').encode('clip.wav')
    result['estimate']['probabilities']['happy']   # as affect-encode prints it
    result.embedding                               # float32 [D]
"""

from typing import Any
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from affect_encoders.file_encoder import FileEncoder

__all__ = ['load']


def load(modality: str, **options: Any) -> 'FileEncoder':
    """
    Return the encoder of a modality for files, arrays and text; ``options`` as of the command.

    :raises ValueError: an unknown modality, or weights that can't be used
    """
    # Late: whoever imports one encoder must not pay for all.
    from affect_encoders.file_encoder import FileEncoder
    return FileEncoder(modality, **options)
