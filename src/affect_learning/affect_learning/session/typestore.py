# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Message types for writing bags without ROS: common interfaces plus `affect_msgs`."""

from functools import cache
import os
from pathlib import Path

from affect_learning.session.data_root import SessionError
from rosbags.typesys import get_types_from_msg
from rosbags.typesys import get_typestore
from rosbags.typesys import Stores
from rosbags.typesys.store import Typestore


def find_message_folder() -> Path:
    """
    Return the folder of `affect_msgs`' .msg files: installed (AMENT_PREFIX_PATH), else in src/.

    :raises SessionError: neither is there.
    """
    for prefix in os.environ.get('AMENT_PREFIX_PATH', '').split(os.pathsep):
        folder = Path(prefix) / 'share' / 'affect_msgs' / 'msg'
        if prefix and any(folder.glob('*.msg')):
            return folder
    for place in (*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents):
        folder = place / 'src' / 'affect_msgs' / 'msg'
        if any(folder.glob('*.msg')):
            return folder
    raise SessionError(
        'the definitions of affect_msgs were not found; source the workspace (activate.bash or '
        'install/setup.bash) or run from the project')


@cache
def load_typestore() -> Typestore:
    """Return a type store that knows the common interfaces and `affect_msgs`."""
    store = get_typestore(Stores.ROS2_JAZZY)
    types = {}
    for path in sorted(find_message_folder().glob('*.msg')):
        types.update(get_types_from_msg(path.read_text(), f'affect_msgs/msg/{path.stem}'))
    store.register(types)
    return store
