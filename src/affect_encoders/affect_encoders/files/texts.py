# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Utterances for the speech encoder: lines of text, columns of tables, JSON lines."""

from collections.abc import Iterator
import csv
from functools import cache
import json
import math
from pathlib import Path
from typing import Any

from affect_encoders.encoder import Encoding
from affect_encoders.files.input_error import InputError
from affect_encoders.files.options import Options
from affect_encoders.files.recording import Still
from affect_encoders.files.table import open_text
from affect_encoders.files.table import plain_name
from affect_encoders.speech.utterance import Utterance
import numpy as np

SUFFIXES = ('.txt', '.text', '.md', '.csv', '.tsv', '.jsonl', '.ndjson')
WHAT = (
    'text: a file with an utterance a line, CSV or TSV (column text, or --column), JSON lines '
    'with text (as affect-track speech prints), or --text "..."')
_NAMES = (
    'text', 'utterance', 'sentence', 'transcript', 'transcription', 'content', 'comment',
    'comments', 'message', 'words', 'sit', 'answer', 'description', 'response', 'review', 'tweet')
_MOST_CHARACTERS = 1_000_000
_VOICE_HOP_S = 0.1


def utterances(source: Any, name: str, options: Options) -> Iterator[Still]:
    """
    Yield the utterances of a file (``name:line``), or the text itself.

    An empty line is an utterance without words. What the file says of an utterance (confidence,
    language, how long it took) counts.

    :raises InputError: what can't be read, or no column of text
    """
    if isinstance(source, str):
        yield _still(source, source, options)
        return
    if isinstance(source, dict):
        text = str(source.get('text', ''))
        yield _still(text, text, options, source)
        return
    suffix = source.name.lower().removesuffix('.gz').rsplit('.', 1)[-1]
    try:
        with open_text(source) as stream:
            head = stream.read(4096)
        if not head:
            # Nothing was said, and that is one answer.
            yield _still(name, '', options)
            return
        if '\x00' in head:
            raise InputError(
                f'no text: for sound run affect-track speech FILE --json first; give {WHAT}')
        if suffix in ('jsonl', 'ndjson'):
            yield from _of_json_lines(source, name, options)
        elif suffix in ('csv', 'tsv'):
            yield from _of_table(source, name, options, '\t' if suffix == 'tsv' else ',')
        else:
            with open_text(source) as stream:
                for number, line in enumerate(stream, 1):
                    yield _still(f'{name}:{number}', line.rstrip('\r\n'), options)
    except InputError:
        raise
    except (OSError, EOFError, ValueError, csv.Error) as error:
        raise InputError(f'no text that can be read ({error})') from error


def _of_json_lines(path: Path, name: str, options: Options) -> Iterator[Still]:
    with open_text(path) as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise InputError(f'line {number} is no JSON ({error})') from error
            if isinstance(row, str):
                row = {'text': row}
            key = options.column or 'text'
            if not isinstance(row, dict) or not isinstance(row.get(key), str):
                raise InputError(f"line {number} has no text '{key}'; say which with --column")
            yield _still(f'{name}:{number}', row[key], options, row)


def _of_table(path: Path, name: str, options: Options, delimiter: str) -> Iterator[Still]:
    csv.field_size_limit(_MOST_CHARACTERS)
    with open_text(path) as stream:
        first = stream.readline()
        if delimiter == ',' and ',' not in first:
            delimiter = next((d for d in ('\t', ';', '|') if d in first), ',')
        stream.seek(0)
        # In TSV a quotation mark is one.
        rows = csv.reader(stream, delimiter=delimiter, quoting=csv.QUOTE_NONE) if (
            delimiter == '\t') else csv.reader(stream, delimiter=delimiter)
        header = next(rows, None)
        if header is None:
            raise InputError('it holds no line')
        column, is_headed = _column(header, options)
        at = 1
        if not is_headed:
            yield _still(f'{name}:1', header[column], options)
        for row in rows:
            number, at = at + 1, rows.line_num
            if not row:
                continue
            yield _still(
                f'{name}:{number}', row[column] if column < len(row) else '', options)


def _column(header: list[str], options: Options) -> tuple[int, bool]:
    """Return which column holds text, and whether the first line is a header."""
    names = [plain_name(cell) for cell in header]
    if options.column:
        wanted = plain_name(options.column)
        if wanted in names:
            return names.index(wanted), True
        if options.column.isdigit() and 1 <= int(options.column) <= len(header):
            return int(options.column) - 1, bool(set(names) & {*_NAMES, 'id', 'label', 'labels'})
        raise InputError(
            f"no column '{options.column}' among {', '.join(header)[:200]}; count from 1 where "
            'there is no header')
    for wanted in _NAMES:
        if wanted in names:
            return names.index(wanted), True
    for i, name in enumerate(names):
        # "Text Description", "clean_text"; a sentence that begins a file without header is longer.
        if 'text' in name.split('_') and len(name.split('_')) <= 3:
            return i, True
    if len(header) == 1:
        return 0, False
    # Without a header: the cell with the most words is the text.
    words = [len(cell.split()) for cell in header]
    if max(words) >= 3:
        return words.index(max(words)), False
    raise InputError(
        f"no column of text among {', '.join(header)[:200]}: say which with --column")


def _still(
        name: str, text: str, options: Options, said: dict[str, Any] | None = None) -> Still:
    said = said or {}
    # What was written down is what was said; a recogniser that does not know may have erred.
    confidence = _number(said['confidence']) if 'confidence' in said else 1.0
    if not 0.0 <= confidence <= 1.0:
        confidence = math.nan
    start_s, lasts_s = _number(said.get('start_s')), _number(said.get('duration_s'))
    if math.isnan(lasts_s):
        lasts_s = _number(said.get('end_s')) - start_s
    heard = _heard(options.voice) if options.voice else ()
    if heard and math.isnan(lasts_s):
        start_s, lasts_s = 0.0, heard[-1][0]
    language = options.language or said.get('language') or ''

    def encode(encoder: Any) -> Encoding:
        utterance = Utterance(
            utterance_id=0, start_s=start_s if math.isfinite(start_s) else 0.0, text=text,
            confidence=confidence, language=str(language),
            duration_s=lasts_s if 0.0 <= lasts_s < math.inf else 0.0)
        for t_s, probabilities, quality in heard:
            if utterance.start_s <= t_s <= utterance.end_s:
                encoder.push_voice(t_s, probabilities, quality)
        encoder.push(utterance)
        return encoder.encode(utterance.end_s)

    return Still(name, encode, text=text)


@cache
def _heard(path: str) -> tuple[tuple[float, np.ndarray, float], ...]:
    """
    Return time, category probabilities [8] and quality of the voice in a file, ten a second.

    :raises InputError: a file that can't be used
    """
    from affect_encoders.file_encoder import FileEncoder
    return tuple(
        (result['t_s'], result.estimate.probabilities, result.quality)
        for result in FileEncoder('voice').encode_ticks(Path(path), _VOICE_HOP_S))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
