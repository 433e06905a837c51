# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One field of the headset wire format."""

from dataclasses import dataclass
import struct

_TYPES = {'u8': 'B', 'u16': 'H', 'u32': 'I', 'u64': 'Q', 'i64': 'q', 'f32': 'f'}


@dataclass(frozen=True)
class Field:
    """Name, type (``u8 u16 u32 u64 i64 f32``, little endian), count, unit and meaning."""

    name: str
    type: str
    count: int
    unit: str
    meaning: str

    @property
    def code(self) -> str:
        """Return the field for a format of ``struct``."""
        return f'{self.count}{_TYPES[self.type]}'

    @property
    def size(self) -> int:
        """Return the bytes that it takes."""
        return struct.calcsize('<' + self.code)


def layout(fields: tuple[Field, ...]) -> struct.Struct:
    """Return fields one behind the other, without padding."""
    return struct.Struct('<' + ''.join(field.code for field in fields))
