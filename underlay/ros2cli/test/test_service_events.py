# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Requests and responses that recorded service events tell of."""

from rclpy.serialization import serialize_message
from ros2cli.bag.bag_info import format_bag_info
from ros2cli.bag.bag_metadata import BagMetadata
from ros2cli.bag.bag_metadata import TopicInformation
from ros2cli.bag.service_events import count_service_events
from ros2cli.bag.service_events import ServiceCounts
from service_msgs.msg import ServiceEventInfo
from std_srvs.srv import SetBool

TOPIC = '/switch/_service_event'


def event(event_type, client, number):
    info = ServiceEventInfo(
        event_type=event_type, client_gid=[client] * 16, sequence_number=number)
    info.stamp.sec = 2**31 - 1
    message = SetBool.Event(info=info)
    return TOPIC, 0, serialize_message(message)


def test_client_and_server_tell_of_the_same_call():
    events = [
        event(ServiceEventInfo.REQUEST_SENT, 1, 1), event(ServiceEventInfo.REQUEST_RECEIVED, 1, 1),
        event(ServiceEventInfo.RESPONSE_SENT, 1, 1), event(ServiceEventInfo.REQUEST_SENT, 1, 2),
        event(ServiceEventInfo.REQUEST_RECEIVED, 2, 2)]
    assert count_service_events(events) == {TOPIC: ServiceCounts(3, 1)}


def test_calls_take_the_place_of_events():
    metadata = BagMetadata(
        storage_identifier='mcap', topics=[
            TopicInformation(TOPIC, 'std_srvs/srv/SetBool_Event', message_count=5),
            TopicInformation('/idle/_service_event', 'std_srvs/srv/SetBool_Event')])
    text = format_bag_info(metadata, {TOPIC: ServiceCounts(3, 1)})
    assert '/switch | Type: std_srvs/srv/SetBool | Request Count: 3 | Response Count: 1 | ' in text
    assert '/idle | Type: std_srvs/srv/SetBool | Request Count: 0 | Response Count: 0 | ' in text
