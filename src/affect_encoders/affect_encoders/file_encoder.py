# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A modality's encoder on files, arrays and text, by the code of the live nodes."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
import os
from pathlib import Path
from typing import Any

from affect_encoders.encoder import EncoderInfo
from affect_encoders.encoder import Encoding
from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import Options
from affect_encoders.files.pictures import natural
from affect_encoders.files.pictures import PICTURES
from affect_encoders.files.pictures import VIDEOS
from affect_encoders.files.pool import Pool
from affect_encoders.files.recording import Recording
from affect_encoders.files.recording import Still
from affect_encoders.files.result import Result
from affect_encoders.files.sound import SOUNDS
from affect_encoders.modalities import MODALITIES
import numpy as np

BATCH, BATCH_BYTES = 64, 64 << 20
"""Pictures that go through a network at once, and how large they may be together."""


class FileEncoder:
    """
    One encoder for any number of inputs; each starts without evidence from the ones before.

    An input is a path, a folder, text (speech), an array with ``rate_hz`` (voice: samples), a
    picture or pictures (facial_expression, scene), points [N, 3] (body_expression), or a dict of
    columns.
    """

    def __init__(self, modality: str, **options: Any) -> None:
        """
        Make one; ``options`` are those of ``files.options.Options``.

        :raises ValueError: an unknown modality, or weights that can't be used
        :raises TypeError: an unknown option
        """
        if modality not in MODALITIES:
            raise ValueError(
                f"unknown modality '{modality}': use one of {', '.join(MODALITIES)}")
        self.modality = modality
        self.options = Options(**options)
        self._kind = MODALITIES[modality]
        self._encoder: Any = self._kind.make_encoder(self.options)

    @property
    def info(self) -> EncoderInfo:
        """Return what the numbers mean: features, units, quality, training data."""
        return self._encoder.info

    def encode(self, source: Any, rate_hz: float | None = None) -> Any:
        """
        Return the Result of an input, or a list of them where it holds several.

        Several: a list or tuple of inputs, a folder, a file of lines of text, pictures [N, H, W].

        :raises InputError: an input that can't be used (a ValueError)
        """
        if isinstance(source, list | tuple) and source and isinstance(source[0], int | float):
            source = np.asarray(source)
        several = isinstance(source, list | tuple)
        results = []
        for result in self._results([source] if not several else source, rate_hz, None):
            if result.error and not result.quality:
                raise InputError(f"{result['input']}: {result.error}")
            results.append(result)
        if several or len(results) != 1 or self._is_several(source):
            return results
        return results[0]

    def encode_ticks(
            self, source: Any, hop_s: float = 0.1, rate_hz: float | None = None,
    ) -> list[Result]:
        """
        Return a Result for every ``hop_s`` of a recording, as a live encoder would give them.

        :raises InputError: an input that can't be used
        """
        results = []
        for result in self._results([source], rate_hz, hop_s):
            if result.error:
                raise InputError(f"{result['input']}: {result.error}")
            results.append(result)
        return results

    def encode_each(
            self, sources: Iterable[Any], *, hop_s: float | None = None,
            rate_hz: float | None = None) -> Iterator[Result]:
        """
        Yield the Results of inputs in their order, one batch at a time in memory.

        An input that can't be used has a Result of quality 0 with its ``error``. With ``hop_s``
        recordings give a Result for every so many seconds.
        """
        return self._results(sources, rate_hz, hop_s)

    def enroll(self, *neutral: Any, rate_hz: float | None = None) -> None:
        """
        Learn the wearer's neutral from inputs (or a list of them); without any, forget it.

        :raises InputError: an input that can't be used, or none has evidence
        """
        if len(neutral) == 1 and isinstance(neutral[0], list | tuple):
            neutral = tuple(neutral[0])
        self._encoder.forget_wearer()
        encodings = []
        for result in self._results(neutral, rate_hz, None):
            if result.error:
                raise InputError(f"{result['input']}: {result.error}")
            encodings.append(result.encoding)
        if not neutral:
            return
        try:
            self._encoder.enroll(encodings)
        except ValueError as error:
            raise InputError(str(error)) from error

    def _is_several(self, source: Any) -> bool:
        if isinstance(source, str | os.PathLike) and self._is_file(source):
            path = Path(source)
            return self.modality == 'speech' or (
                path.is_dir() and not self.options.is_sequence
                and self._sources_of(path) != [path])
        return False

    def _is_file(self, source: Any) -> bool:
        """Tell a path from text: for speech a string is text unless it names a file."""
        if isinstance(source, os.PathLike) or self.modality != 'speech':
            return True
        if source.endswith(self._kind.suffixes) and len(source.split()) == 1:
            return True
        try:
            return bool(source) and Path(source).is_file()
        except (OSError, ValueError):
            return False

    def _results(
            self, sources: Iterable[Any], rate_hz: float | None, hop_s: float | None,
    ) -> Iterator[Result]:
        options = self.options if rate_hz is None else replace(self.options, rate_hz=rate_hz)
        waiting: list[Still] = []
        for entry in self._entries(sources, options):
            if isinstance(entry, Still) and entry.picture is not None:
                waiting.append(entry)
                held = sum(s.picture.nbytes for s in waiting if s.picture is not None)
                if len(waiting) < BATCH and held < BATCH_BYTES:
                    continue
                entry = None
            yield from self._of_pictures(waiting)
            waiting = []
            if isinstance(entry, Recording):
                yield from self._of_recording(entry, hop_s)
            elif isinstance(entry, Still):
                yield self._of_still(entry)
            elif entry is not None:
                yield self._failed(*entry)
        yield from self._of_pictures(waiting)

    def _entries(self, sources: Iterable[Any], options: Options) -> Iterator[Any]:
        """Yield recordings, stills, and (name, InputError) in the order of the inputs."""
        for number, source in enumerate(sources):
            name = f'#{number}'
            try:
                if isinstance(source, str | os.PathLike):
                    name = os.fspath(source)
                    if self._is_file(source):
                        yield from self._of_path(Path(source), name, options)
                        continue
                yield from self._kind.items(source, name, options)
            except Exception as error:
                yield name, _unreadable(error)

    def _of_path(self, path: Path, name: str, options: Options) -> Iterator[Any]:
        if not path.exists():
            raise InputError('no such file or folder')
        if not path.is_dir():
            if tracker := _tracker_of(self.modality, path):
                raise InputError(
                    f'a tracker comes first: affect-track {tracker} {name} --json > tracked.jsonl'
                    f', then affect-encode {self.modality} tracked.jsonl')
            yield from self._kind.items(path, name, options)
            return
        found = self._sources_of(path)
        if not found:
            raise InputError(
                f'nothing in this folder that {self.modality} takes: {self._kind.what_text}')
        if options.is_sequence:
            yield from self._kind.items(found, name, options)
            return
        for each in found:
            try:
                yield from self._kind.items(each, str(each), options)
            except Exception as error:
                yield str(each), _unreadable(error)

    def _sources_of(self, folder: Path) -> list[Path]:
        """Return what a folder holds for this modality, at any depth, in natural order."""
        if self.modality == 'physiology':
            from affect_encoders.files.wrist import is_folder
            if is_folder(folder):
                return [folder]
            inner = {each for each in folder.rglob('*') if each.is_dir() and is_folder(each)}
        else:
            inner = set()
        files = {
            each for each in folder.rglob('*')
            if each.name.lower().endswith(self._kind.suffixes) and each.is_file()
            and not each.name.startswith('.') and each.parent not in inner}
        return sorted(inner | files, key=natural)

    def _of_pictures(self, stills: Sequence[Still]) -> Iterator[Result]:
        """Yield the results of pictures, which are judged together."""
        encodings: list[Encoding] = []
        if stills:
            try:
                encodings = self._encoder.encode_pictures([still.picture for still in stills])
            except Exception:
                # One of them can't be used: each by itself tells which.
                yield from map(self._of_still, stills)
        for still, encoding in zip(stills, encodings, strict=bool(encodings)):
            yield Result(still.name, self.info, encoding)

    def _of_still(self, still: Still) -> Result:
        self._encoder.reset()
        try:
            encoding = still.encode(self._encoder)
        except ValueError as error:
            # It could be read, and says nothing: a picture of one pixel.
            encoding = self._encoder.no_evidence(str(error))
        except Exception as error:
            return self._failed(still.name, InputError(_defect(error)))
        return Result(still.name, self.info, encoding, text=still.text)

    def _of_recording(self, recording: Recording, hop_s: float | None) -> Iterator[Result]:
        self._encoder.reset()
        pool = Pool(self.info)
        trouble = ''
        try:
            for tick in recording.ticks(
                    self._encoder, hop_s or self._kind.hop_s, to_the_end=hop_s is None):
                if hop_s is None:
                    pool.add(tick.encoding)
                else:
                    yield Result(recording.name, self.info, tick.encoding, t_s=tick.t_s)
        except Exception as error:
            # The other inputs shall be encoded, whatever is the matter with this one.
            trouble = str(error) if isinstance(error, InputError) else _defect(error)
        trouble = trouble or next(
            (t for stream in recording.streams if (t := getattr(stream, 'trouble', ''))), '')
        if hop_s is None:
            encoding = pool.encoding()
            if trouble and not encoding.quality:
                encoding = replace(encoding, reason=trouble)
            yield Result(recording.name, self.info, encoding, error=trouble)
        elif trouble:
            yield self._failed(recording.name, InputError(trouble))

    def _failed(self, name: str, error: InputError) -> Result:
        return Result(name, self.info, self._encoder.no_evidence(str(error)), error=str(error))


def _tracker_of(modality: str, path: Path) -> str:
    """Return which tracker makes of a raw file what an encoder takes; '' where none is needed."""
    suffix = path.suffix.lower()
    if modality in ('eye_expression', 'eye_movement'):
        return 'eye' if suffix in (*PICTURES, *VIDEOS) else ''
    return 'speech' if modality == 'speech' and suffix in SOUNDS else ''


def _unreadable(error: Exception) -> InputError:
    """Return what is told of an input that a reader failed on; the others go on."""
    if isinstance(error, InputError):
        return error
    if isinstance(error, OSError) and error.strerror:
        return InputError(error.strerror)
    # Readers of compressed files have errors of their own for each kind of damage.
    return InputError(f'it can not be read ({type(error).__name__}: {error}); is it damaged?')


def _defect(error: Exception) -> str:
    return f'{type(error).__name__}: {error}: a defect of the encoder, please report it'
