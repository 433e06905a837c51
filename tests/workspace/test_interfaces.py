# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The interfaces are documented and frozen: every bag ever recorded depends on them."""

import json
from pathlib import Path
import re

from ament_index_python.packages import get_package_share_directory
import pytest

ROOT = Path(__file__).resolve().parents[2]
FROZEN = Path(__file__).with_name('interface_hashes.json')
MESSAGES = sorted((ROOT / 'src' / 'affect_msgs' / 'msg').glob('*.msg'))


def hashes() -> dict[str, str]:
    share = Path(get_package_share_directory('affect_msgs'))
    found = {}
    for path in sorted(share.glob('*/*.json')):
        description = json.loads(path.read_text())
        for entry in description['type_hashes']:
            if entry['type_name'].startswith('affect_msgs/'):
                found[entry['type_name']] = entry['hash_string']
    return found


def test_no_interface_changed_unnoticed():
    """
    Type hashes (REP-2011) match the frozen ones.

    A change breaks recorded bags: raise the version of affect_msgs, record a new compatibility
    bag, keep the old one with a migration, and only then write the new hashes.
    """
    assert hashes() == json.loads(FROZEN.read_text())


@pytest.mark.parametrize('path', MESSAGES, ids=lambda path: path.stem)
def test_every_message_says_what_it_is_and_what_its_stamp_means(path):
    text = path.read_text()
    assert text.startswith('# ')
    if 'std_msgs/Header header' in text:
        introduction = text[:text.index('std_msgs/Header header')]
        assert 'header.stamp' in introduction
        assert 'header.frame_id' in introduction


@pytest.mark.parametrize('path', MESSAGES, ids=lambda path: path.stem)
def test_every_float_says_what_unknown_looks_like(path):
    """A comment or the word NaN stands with each float or in the head of its message."""
    text = path.read_text()
    for block in re.split(r'\n\s*\n', text):
        fields = [line for line in block.splitlines()
                  if re.match(r'float(32|64)(\[\d*\])? +[a-z]', line)]
        if fields and '#' not in block and 'NaN' not in text:
            pytest.fail(f'{fields} of {path.name} are undocumented')
