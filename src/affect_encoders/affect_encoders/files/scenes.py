# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures and videos of a world camera, for the scene encoder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from affect_encoders.files import pictures
from affect_encoders.files.inertia import beside
from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import Options
from affect_encoders.files.recording import Frames
from affect_encoders.files.recording import Recording
from affect_encoders.files.recording import Stream
import numpy as np

SUFFIXES = (*pictures.PICTURES, *pictures.VIDEOS, '.npy', '.npz')
WHAT = (
    'what a world camera sees: pictures (each by itself), videos, NPY [pictures, H, W, 3], or a '
    'folder of pictures with --sequence')


def recordings(source: Any, name: str, options: Options) -> Iterator[Recording]:
    """
    Yield a picture, a video, a list of files or an array as one recording.

    Pictures of an array [N, H, W(, 3)] of which ``options.is_sequence`` says nothing stand alone.

    :raises InputError: what can't be read
    """
    if isinstance(source, list):
        yield _recording(name, pictures.frames_of_files(source, options), options)
        return
    if isinstance(source, Path) and source.suffix.lower() not in pictures.ARRAYS:
        if source.suffix.lower() in pictures.PICTURES:
            yield _recording(name, iter([(0.0, pictures.read_picture(source))]), options)
        else:
            yield _recording(name, pictures.frames_of_video(source), options)
        return
    stack = pictures.stack_of(source if isinstance(source, Path) else np.asarray(source))
    if stack is None:
        raise InputError(f'no pictures in it: give {WHAT}')
    if options.is_sequence or len(stack) == 1:
        yield _recording(name, pictures.frames_of_stack(stack, options), options)
        return
    for k, image in enumerate(stack):
        yield _recording(
            f'{name}#{k}', iter([(0.0, pictures.as_picture(image))]), options)


def _recording(
        name: str, frames: Iterator[tuple[float, np.ndarray]], options: Options) -> Recording:
    streams: list[Stream] = [
        Frames(frames, lambda encoder, image, t_s: encoder.push_image(image, t_s))]
    if options.imu:
        streams.insert(0, beside(options.imu))
    return Recording(name, streams)
