# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Parameters: what does not fit is said with name and remedy, and the default stands in."""

from affect_node import AffectNode
from affect_node.testing import Bench
from affect_node.testing import health
from diagnostic_msgs.msg import DiagnosticStatus
import pytest
from rcl_interfaces.msg import ParameterType
from rclpy.parameter import Parameter


class SampleNode(AffectNode):
    """One parameter of each kind."""

    def __init__(self, **kwargs):
        super().__init__('sample', **kwargs)
        self.rate = self.declare('rate_hz', 10.0, 'A rate.', low=1.0, high=100.0)
        self.gain = self.declare('gain', 1.0, 'Of any size.')
        self.depth = self.declare('depth', 3, 'A count.', low=1, high=10)
        self.source = self.declare(
            'source', 'file', 'Where from.', choices=('file', 'device', 'simulation'))
        self.device = self.declare('device', '', 'Which one.')
        self.fast = self.declare('fast', False, 'Whether.')
        self.names = self.declare('names', ['a', 'b'], 'Some names.')
        self.offsets = self.declare('offsets', [0.0, 1.0], 'Some offsets.')


@pytest.fixture
def bench():
    with Bench() as bench:
        yield bench


def test_without_overrides_the_defaults_hold_and_nothing_is_said(bench):
    node = bench.add(SampleNode)
    assert (node.rate, node.gain, node.depth, node.source, node.fast) == (
        10.0, 1.0, 3, 'file', False)
    assert (node.names, node.offsets) == (['a', 'b'], [0.0, 1.0])
    assert (health(node), node.diagnostics.counters) == ('OK', {})


@pytest.mark.parametrize('name, text, value', [
    ('rate_hz', '20.5', 20.5),
    ('rate_hz', '1.0', 1.0),
    ('rate_hz', '100.0', 100.0),
    ('rate_hz', '20', 20.0),
    ('gain', '-3', -3.0),
    ('depth', '10', 10),
    ('source', 'device', 'device'),
    ('device', '/dev/video2', '/dev/video2'),
    ('device', '2', '2'),
    ('fast', 'true', True),
    ('names', '[x]', ['x']),
    ('offsets', '[2.5, 3.5]', [2.5, 3.5]),
    ('offsets', '[2, 3]', [2.0, 3.0]),
])
def test_an_override_that_fits_is_taken(bench, name, text, value):
    node = bench.add(SampleNode, '-p', f'{name}:={text}')
    attribute = {'rate_hz': 'rate'}.get(name, name)
    taken = getattr(node, attribute)
    assert taken == value and type(taken) is type(value)
    kept = node.get_parameter(name).value
    assert (list(kept) if isinstance(value, list) else kept) == value
    assert health(node) == 'OK'


@pytest.mark.parametrize('name, text, words', [
    ('rate_hz', '0.5', ('0.5', 'out of range', '1.0 to 100.0')),
    ('rate_hz', '1000', ('1000.0', 'out of range', '1.0 to 100.0')),
    ('rate_hz', '.nan', ('nan', 'finite')),
    ('gain', '.inf', ('inf', 'finite')),
    ('rate_hz', 'fast', ("'fast'", 'str', 'should be a float')),
    ('rate_hz', 'true', ('True', 'bool', 'should be a float')),
    ('depth', '11', ('11', 'out of range', '1 to 10')),
    ('depth', '2.5', ('2.5', 'float', 'should be a int')),
    ('depth', 'true', ('True', 'bool', 'should be a int')),
    ('source', 'camera', ("'camera'", 'not one of file, device, simulation')),
    ('source', '7', ('7', 'int', 'should be a str')),
    ('device', '2.5', ('2.5', 'float', 'should be a str')),
    ('fast', '1', ('1', 'int', 'should be a bool')),
    ('names', '[1, 2]', ('[1, 2]', 'list of int', 'should be a list of str')),
    ('names', 'a', ("'a'", 'str', 'should be a list of str')),
    ('offsets', '[a]', ("['a']", 'list of str', 'should be a list of float')),
])
def test_an_override_that_does_not_fit_is_said_and_the_default_stands_in(
        bench, name, text, words):
    node = bench.add(SampleNode, '-p', f'{name}:={text}')
    defaults = {
        'rate_hz': 10.0, 'gain': 1.0, 'depth': 3, 'source': 'file', 'device': '',
        'fast': False, 'names': ['a', 'b'], 'offsets': [0.0, 1.0]}
    assert getattr(node, {'rate_hz': 'rate'}.get(name, name)) == defaults[name]
    status = node.diagnostics.status()
    assert status.level == DiagnosticStatus.WARN
    for word in (f"parameter '{name}'", 'using the default', *words):
        assert word in status.message
    assert node.diagnostics.counters['bad parameters'] == 1


@pytest.mark.parametrize('parameter', [
    Parameter('rate_hz', value=20.0),
    Parameter('rate_hz', value=1000.0),
    Parameter('source', value='device'),
])
def test_setting_a_parameter_later_is_refused_with_the_reason(bench, parameter):
    node = bench.add(SampleNode)
    before = node.get_parameter(parameter.name).value
    result, = node.set_parameters([parameter])
    assert not result.successful
    assert parameter.name in result.reason and 'read-only' in result.reason
    assert node.get_parameter(parameter.name).value == before


def test_description_range_and_choices_are_there_to_be_read(bench):
    node = bench.add(SampleNode)
    rate = node.describe_parameter('rate_hz')
    assert (rate.description, rate.type) == ('A rate.', ParameterType.PARAMETER_DOUBLE)
    assert (rate.floating_point_range[0].from_value, rate.floating_point_range[0].to_value) == (
        1.0, 100.0)
    depth = node.describe_parameter('depth').integer_range[0]
    assert (depth.from_value, depth.to_value) == (1, 10)
    assert 'file, device, simulation' in node.describe_parameter('source').additional_constraints
