# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The synchroniser on every implementation of message_filters that is at hand."""

import importlib
import importlib.util
import os
from pathlib import Path
import sys

import pytest

_PACKAGE = Path(__file__).parents[1]
_UNDERLAY = _PACKAGE.parents[1] / 'underlay' / 'message_filters'
_UPSTREAM = os.environ.get('AFFECT_UPSTREAM_MESSAGE_FILTERS', '')


def _implementations():
    found = importlib.util.find_spec('message_filters')
    if found is not None:
        yield 'importable', None
    is_ours = found is not None and _UNDERLAY in Path(found.origin).resolve().parents
    if (_UNDERLAY / 'message_filters').is_dir() and not is_ours:
        yield 'underlay', str(_UNDERLAY)
    if _UPSTREAM:
        yield 'upstream', _UPSTREAM


def _load(directory):
    """Return the module grid_synchronizer, bound to the message_filters of a directory."""
    if directory is None:
        return importlib.import_module('affect_fusion.grid_synchronizer')
    others = {
        name: sys.modules.pop(name) for name in list(sys.modules)
        if name.split('.')[0] == 'message_filters'}
    sys.path.insert(0, directory)
    try:
        spec = importlib.util.spec_from_file_location(
            'grid_synchronizer_elsewhere', _PACKAGE / 'affect_fusion' / 'grid_synchronizer.py')
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(directory)
        for name in list(sys.modules):
            if name.split('.')[0] == 'message_filters':
                del sys.modules[name]
        sys.modules.update(others)


_MODULES = {name: _load(directory) for name, directory in _implementations()}


@pytest.fixture(params=sorted(_MODULES), scope='session')
def grid(request):
    """Return the module grid_synchronizer on one implementation of message_filters."""
    return _MODULES[request.param]
