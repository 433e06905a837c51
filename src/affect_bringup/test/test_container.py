# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A container's command line, and what a bad component does to its neighbours."""

from affect_bringup.container import load
from affect_bringup.container import parse
import pytest


def test_components_keep_their_own_arguments():
    components = parse([
        '--component', '{"component": "a.b:C", "arguments": ["--ros-args", "-r", "__node:=x"]}',
        '--component', '{"component": "d:E", "arguments": []}'])
    assert components == [
        {'component': 'a.b:C', 'arguments': ['--ros-args', '-r', '__node:=x']},
        {'component': 'd:E', 'arguments': []}]


@pytest.mark.parametrize('text', ['', 'a.b:C', '{}', '{"component": "a:B"}', '[1]'])
def test_a_bad_component_is_refused_with_the_text(text, capsys):
    with pytest.raises(SystemExit):
        parse(['--component', text])
    assert 'not a component' in capsys.readouterr().err


@pytest.mark.parametrize('component', ['nowhere.to.be:Found', 'json:Nothing', 'json', ':X', ''])
def test_a_component_that_is_not_there_is_named(component):
    with pytest.raises(ValueError, match=f"component '{component}'"):
        load(component)
