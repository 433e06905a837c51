# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output of processes arrives in pieces of any size and leaves in lines."""

from launch.actions._process import OutputLines
import pytest

TEXT = 'plain\näöü €\r\n\nno end'


@pytest.mark.parametrize('size', [1, 2, 3, 100])
def test_lines_do_not_depend_on_the_size_of_the_pieces(size):
    lines = []
    output = OutputLines(lines.append, keep=True)
    data = TEXT.encode()
    for start in range(0, len(data), size):
        output.feed(data[start:start + size])
    assert lines == ['plain', 'äöü €', '']
    output.flush()
    assert lines == ['plain', 'äöü €', '', 'no end']
    assert output.text == TEXT


def test_bytes_that_are_no_text_are_replaced_and_what_follows_survives():
    lines = []
    output = OutputLines(lines.append)
    output.feed(b'a\xffb\n\xc3')
    output.flush()
    output.feed(b'next\n')
    assert lines == ['a\ufffdb', '\ufffd', 'next']
    assert output.text == ''
