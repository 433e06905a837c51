# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Comments of interface definitions."""

import pytest
from ros2cli.verb.interface.show import BEFORE_COMMENT


@pytest.mark.parametrize(('line', 'text'), [
    ("string wearer  # a wearer's pseudonym", 'string wearer'),
    ('# what isn\'t "closed', ''),
    ('   # indented', ''),
    ("string name 'a # b'  # c", "string name 'a # b'"),
    ('string name "a # b"', 'string name "a # b"'),
    ('uint8 RULE=4      # by rule', 'uint8 RULE=4'),
    ('float32 x', 'float32 x')])
def test_comments_end_at_quotes_of_values_only(line, text):
    assert BEFORE_COMMENT.sub(r'\1', line) == text
