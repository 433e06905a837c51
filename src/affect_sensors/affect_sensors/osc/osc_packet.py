# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Reading Open Sound Control 1.0 (Wright, 2002) from datagrams that anybody may have sent.

python-osc, which we send with, is no choice here: a bundle with an element of size -4 keeps its
1.9.3 in an endless loop, and deep nesting ends in RecursionError. This reader refuses such
datagrams, and it recognises the headers of repeated messages, of which a headset sends thousands
a second.
"""

import struct
from typing import Any
from typing import NamedTuple

_BUNDLE = b'#bundle\x00'
_DEEPEST = 8
_LARGEST_CACHE = 4096
_LONGEST_KEY = 200
_FIXED = {
    'i': struct.Struct('>i'), 'f': struct.Struct('>f'), 'h': struct.Struct('>q'),
    'd': struct.Struct('>d'), 't': struct.Struct('>Q'), 'c': struct.Struct('>I'),
    'r': struct.Struct('>I'), 'm': struct.Struct('>I')}
_BARE = {'T': True, 'F': False, 'N': None, 'I': float('inf')}
_FLOAT = _FIXED['f']
_SIZE = _FIXED['i']


class OscError(ValueError):
    """A datagram that is not OSC; the text says what is wrong with it."""


class OscMessage(NamedTuple):
    """
    An address and its arguments, in Python's types.

    Impulse (``I``, "infinitum") is math.inf; a time tag is its 64 bits; colour, MIDI and character
    are their 32 bits; an array is a list.
    """

    address: str
    arguments: tuple[Any, ...]


class OscReader:
    """Reads datagrams; remembers the headers of messages of one float or boolean."""

    def __init__(self) -> None:
        self._floats: dict[bytes, str] = {}
        self._booleans: dict[bytes, OscMessage] = {}

    def read(self, datagram: bytes) -> list[OscMessage]:
        """Return the messages of a datagram, those of nested bundles too; raise OscError."""
        found: list[OscMessage] = []
        self._read_element(datagram, found, 0)
        return found

    def _read_element(self, data: bytes, found: list[OscMessage], depth: int) -> None:
        address = self._floats.get(data[:-4])
        if address is not None:
            found.append(OscMessage(address, _FLOAT.unpack(data[-4:])))
            return
        known = self._booleans.get(data)
        if known is not None:
            found.append(known)
        elif data.startswith(_BUNDLE):
            self._read_bundle(data, found, depth)
        else:
            found.append(self._read_message(data))

    def _read_bundle(self, data: bytes, found: list[OscMessage], depth: int) -> None:
        if depth >= _DEEPEST:
            raise OscError(f'bundles are nested more than {_DEEPEST} deep')
        at, end, floats = 16, len(data), self._floats
        if end < at:
            raise OscError('a bundle ends before its time tag')
        while at < end:
            if at + 4 > end:
                raise OscError('a bundle ends within the size of an element')
            size = _SIZE.unpack_from(data, at)[0]
            at += 4
            if size <= 0 or size % 4 or at + size > end:
                raise OscError(f'an element of a bundle claims {size} bytes')
            after = at + size
            address = floats.get(data[at:after - 4])
            if address is not None:
                # As _read_element would, without the call: most elements are of this kind.
                found.append(OscMessage(address, _FLOAT.unpack_from(data, after - 4)))
            else:
                self._read_element(data[at:after], found, depth + 1)
            at = after

    def _read_message(self, data: bytes) -> OscMessage:
        if not data.startswith(b'/'):
            raise OscError('it begins neither with / nor with #bundle')
        address, at = _read_string(data, 0)
        if at == len(data):
            return OscMessage(address, ())  # senders from before type tags were required
        tags, at = _read_string(data, at)
        if not tags.startswith(','):
            raise OscError('a message has no type tags')
        arguments, at = _read_arguments(data, at, tags[1:])
        if at != len(data):
            raise OscError(f'a message of the types {tags[:20]!r} is too long')
        message = OscMessage(address, tuple(arguments))
        self._remember(data, tags, message)
        return message

    def _remember(self, data: bytes, tags: str, message: OscMessage) -> None:
        if len(data) > _LONGEST_KEY:
            return
        # Whoever invents ever new addresses must not fill the memory.
        if tags == ',f':
            if len(self._floats) >= _LARGEST_CACHE:
                self._floats.clear()
            self._floats[data[:-4]] = message.address
        elif tags in (',T', ',F'):
            if len(self._booleans) >= _LARGEST_CACHE:
                self._booleans.clear()
            self._booleans[data] = message


def _read_string(data: bytes, at: int) -> tuple[str, int]:
    end = data.find(b'\x00', at)
    if end < 0:
        raise OscError('a string has no end')
    after = end + 4 - (end - at) % 4
    if after > len(data):
        raise OscError('a string is not padded to four bytes')
    # ASCII by the standard; avatars' makers write their own language.
    return data[at:end].decode('utf-8', 'replace'), after


def _read_arguments(data: bytes, at: int, tags: str) -> tuple[list[Any], int]:
    arguments: list[Any] = []
    lists = [arguments]
    for tag in tags:
        if tag in _FIXED:
            form = _FIXED[tag]
            if at + form.size > len(data):
                raise OscError(f"an argument of type '{tag}' is cut off")
            lists[-1].append(form.unpack_from(data, at)[0])
            at += form.size
        elif tag in _BARE:
            lists[-1].append(_BARE[tag])
        elif tag in 'sS':
            text, at = _read_string(data, at)
            lists[-1].append(text)
        elif tag == 'b':
            blob, at = _read_blob(data, at)
            lists[-1].append(blob)
        elif tag == '[':
            lists[-1].append([])
            lists.append(lists[-1][-1])
        elif tag == ']' and len(lists) > 1:
            lists.pop()
        else:
            raise OscError(f'nobody knows the type {tag!r}')
    if len(lists) > 1:
        raise OscError('an array has no end')
    return arguments, at


def _read_blob(data: bytes, at: int) -> tuple[bytes, int]:
    if at + 4 > len(data):
        raise OscError('a blob is cut off')
    size = _SIZE.unpack_from(data, at)[0]
    at += 4
    after = at + size + -size % 4
    if size < 0 or after > len(data):
        raise OscError(f'a blob claims {size} bytes')
    return data[at:at + size], after
