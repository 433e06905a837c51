# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Messages as text, and text as messages."""

from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray
from diagnostic_msgs.msg import KeyValue
from geometry_msgs.msg import PoseStamped
import pytest
from ros2cli.messages import message_to_csv
from ros2cli.messages import message_to_yaml
from ros2cli.messages import set_fields
from sensor_msgs.msg import Image
from sensor_msgs.msg import Imu
from std_msgs.msg import ByteMultiArray
from std_msgs.msg import Float32MultiArray
from std_msgs.msg import Header
from std_msgs.msg import MultiArrayDimension
from std_msgs.msg import String


def test_yaml_keeps_the_order_of_the_fields():
    header = Header(stamp=Time(sec=3, nanosec=4), frame_id='hmd_link')
    assert message_to_yaml(header) == 'stamp:\n  sec: 3\n  nanosec: 4\nframe_id: hmd_link\n'


def test_flow_style_is_for_sequences():
    parameters = Float32MultiArray(data=[0.5, 1.0])
    parameters.layout.dim = [MultiArrayDimension(label='x', size=2)]
    assert message_to_yaml(parameters, flow_style=True) == (
        'layout:\n  dim: [{label: x, size: 2, stride: 0}]\n  data_offset: 0\n'
        'data: [0.5, 1.0]\n')


def test_arrays_of_fixed_size_are_shown():
    imu = Imu()
    imu.orientation_covariance[4] = 0.25
    text = message_to_yaml(imu, flow_style=True)
    assert 'orientation_covariance: [0.0, 0.0, 0.0, 0.0, 0.25, 0.0, 0.0, 0.0, 0.0]\n' in text


def test_long_arrays_and_strings_are_cut():
    image = Image(data=range(5), encoding='rgb8rgb8')
    text = message_to_yaml(image, truncate_length=3)
    assert "data:\n- 0\n- 1\n- 2\n- '...'\n" in text
    assert 'encoding: rgb...\n' in text
    assert '...' not in message_to_yaml(image)


def test_arrays_and_strings_can_be_summed_up():
    text = message_to_yaml(Image(data=[1, 2, 3]), no_arr=True)
    assert "data: '<sequence type: uint8, length: 3>'\n" in text
    text = message_to_yaml(Imu(), no_arr=True)
    assert "orientation_covariance: '<array type: double[9]>'\n" in text
    text = message_to_yaml(DiagnosticArray(), no_arr=True)
    assert "status: '<sequence type: diagnostic_msgs/msg/DiagnosticStatus, length: 0>'\n" in text
    assert message_to_yaml(String(data='abc'), no_str=True) == "data: '<string length: <3>>'\n"


def test_unicode_and_long_lines_stay_readable():
    assert message_to_yaml(String(data='Grüße ' * 40)).count('\n') == 1
    assert 'Grüße' in message_to_yaml(String(data='Grüße'))


def test_csv_has_every_value():
    header = Header(stamp=Time(sec=3, nanosec=4), frame_id='hmd_link')
    assert message_to_csv(header) == '3,4,hmd_link'
    assert message_to_csv(Float32MultiArray(data=[0.5, 1.0])).endswith('0,0.5,1.0')
    # As upstream: what is empty takes no column where nothing stands before it.
    assert message_to_csv(KeyValue(key='', value='v')) == 'v'
    assert message_to_csv(KeyValue(key='k', value='')) == 'k,'


def test_nested_fields_are_set_and_kept_in_kind():
    pose = PoseStamped()
    set_fields(pose, {'header': {'frame_id': 1}, 'pose': {'position': {'x': 2}}})
    assert pose.header.frame_id == '1'
    assert pose.pose.position.x == 2.0
    assert pose.pose.orientation.w == 1.0


def test_arrays_of_all_kinds_are_set():
    imu = Imu()
    set_fields(imu, {'orientation_covariance': list(range(9))})
    assert imu.orientation_covariance.tolist() == list(range(9))
    floats = Float32MultiArray()
    set_fields(floats, {'data': [1, 2.5]})
    assert floats.data.tolist() == [1.0, 2.5]
    status = DiagnosticArray()
    set_fields(status, {'status': [{'name': 'a', 'values': [{'key': 'k', 'value': 'v'}]}]})
    assert status.status[0].values[0].value == 'v'
    octets = ByteMultiArray()
    set_fields(octets, {'data': [b'\x01']})
    assert octets.data == [b'\x01']


def test_auto_and_now_are_set_when_a_message_is_published():
    pose = PoseStamped()
    setters = set_fields(pose, {'header': 'auto'}, expand_auto=True)
    for setter in setters:
        setter(Time(sec=9))
    assert pose.header.stamp.sec == 9
    header = Header()
    for setter in set_fields(header, {'stamp': 'now'}, expand_auto=True):
        setter(Time(sec=8))
    assert header.stamp.sec == 8


@pytest.mark.parametrize('values', [
    {'nothing': 1}, {'pose': 3}, {'header': {'stamp': {'sec': 'soon'}}}])
def test_values_that_do_not_fit_are_errors(values):
    with pytest.raises((AttributeError, TypeError, ValueError, AssertionError)):
        set_fields(PoseStamped(), values)
