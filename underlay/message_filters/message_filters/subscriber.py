# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The filter at the start of a chain: a ROS 2 subscription."""

from message_filters.simple_filter import SimpleFilter


class Subscriber(SimpleFilter):
    """
    A subscription whose messages are the output of this filter.

    :param node: the node to subscribe with.
    :param msg_type: the class of the messages.
    :param topic: name of the topic, as for ``create_subscription``.
    :param qos_profile: a ``QoSProfile`` or a history depth.
    :param kwargs: any other keyword of ``rclpy.node.Node.create_subscription``
        (``callback_group``, ``event_callbacks``, ``qos_overriding_options``, ``raw``).

    ``sub`` is the subscription itself; attributes this class lacks are looked up there.
    """

    def __init__(self, node, msg_type, topic, qos_profile=10, **kwargs):
        super().__init__()
        self.node = node
        self.topic = topic
        self.sub = node.create_subscription(
            msg_type, topic, self.callback, qos_profile=qos_profile, **kwargs)

    def callback(self, msg):
        """Pass on a received message."""
        self.signalMessage(msg)

    def getTopic(self):
        """Return the topic's name as it was given."""
        return self.topic

    def __getattr__(self, key):
        # Without this guard, a copy made before __init__ would look for `sub` for ever.
        if key == 'sub':
            raise AttributeError(key)
        return getattr(self.sub, key)
