# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows of a tracker as lines that people can read."""

from typing import Any

_WIDTH = 10
_LARGEST = 3


class TrackTable:
    """
    Formats rows (dicts that JSON can say) as a table, with a heading when the columns change.

    Numbers with three decimals, unknown as '-'. Of a dict of named numbers the three largest are
    told; lists are left out (--json has them).
    """

    def __init__(self) -> None:
        self._columns: tuple[str, ...] = ()
        self._widths: list[int] = []
        self._file: Any = None

    def text(self, row: dict[str, Any]) -> str:
        """Return the line of a row, below a heading where one is due."""
        shown = {
            name: _cell(value) for name, value in row.items()
            if name != 'file' and not isinstance(value, list)}
        lines = []
        if row.get('file') != self._file or tuple(shown) != self._columns:
            self._file, self._columns = row.get('file'), tuple(shown)
            self._widths = [max(len(name), _WIDTH) for name in shown]
            lines = [f'# {self._file}', self._line(list(shown))]
        lines.append(self._line(list(shown.values())))
        return '\n'.join(lines)

    def _line(self, cells: list[str]) -> str:
        return '  '.join(
            cell.ljust(width) for cell, width in zip(cells, self._widths, strict=True)).rstrip()


def _cell(value: Any) -> str:
    if value is None:
        return '-'
    if isinstance(value, float):
        return f'{value:.3f}'
    if isinstance(value, dict):
        numbers = {name: each for name, each in value.items() if isinstance(each, int | float)}
        largest = sorted(numbers, key=lambda name: -numbers[name])[:_LARGEST]
        return ', '.join(f'{name} {numbers[name]:.2f}' for name in largest) or '-'
    return str(value)
