# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Output of processes arrives in pieces of any size and leaves in lines."""

import asyncio
import os

from launch.actions._process import OutputLines
from launch.actions._process import RunningProcess
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


def test_output_on_a_terminal_that_precedes_the_start_is_told_after_it():
    events = []

    async def run():
        loop = asyncio.get_running_loop()
        process = RunningProcess(
            on_start=lambda pid: events.append('started'),
            on_data=lambda stream, data: events.append((stream, data)))
        start = loop.subprocess_exec

        async def start_late(factory, *cmd, **kwargs):
            os.write(kwargs['stdout'], b'early')
            while not process._RunningProcess__early:
                await asyncio.sleep(0)
            return await start(factory, *cmd, **kwargs)

        loop.subprocess_exec = start_late
        await process.start(['true'], cwd=None, env=None, shell=False, emulate_tty=True)
        assert await process.wait() == 0

    asyncio.run(asyncio.wait_for(run(), timeout=20))
    assert events == ['started', ('stdout', b'early')]
