# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Which topics `ros2 bag record` takes."""

from collections.abc import Collection
from dataclasses import dataclass
import re

from ros2cli.bag.bag_info import is_service_event
from ros2cli.bag.bag_info import SERVICE_EVENT_SUFFIX
from ros2cli.bag.bag_metadata import TopicInformation


def is_hidden(name: str) -> bool:
    """Return whether a token of the name starts with an underscore."""
    return any(token.startswith('_') for token in name.split('/'))


@dataclass
class TopicFilter:
    """The selection of `ros2 bag record`; names absolute, services as their event topics."""

    all_topics: bool = False
    all_services: bool = False
    topics: Collection[str] = ()
    topic_types: Collection[str] = ()
    services: Collection[str] = ()
    regex: str = ''
    exclude_regex: str = ''
    exclude_topics: Collection[str] = ()
    exclude_topic_types: Collection[str] = ()
    exclude_services: Collection[str] = ()
    include_hidden_topics: bool = False

    def takes(self, name: str, type_name: str) -> bool:
        """Return whether to record the topic, by its name and type alone."""
        if is_service_event(TopicInformation(name, type_name)):
            return self._takes_service(name)
        return self._takes_topic(name, type_name)

    def _takes_topic(self, name: str, type_name: str) -> bool:
        selected = (
            self.all_topics or name in self.topics or type_name in self.topic_types
            or bool(self.regex and re.search(self.regex, name)))
        if not selected or type_name in self.exclude_topic_types or name in self.exclude_topics:
            return False
        if self.exclude_regex and re.search(self.exclude_regex, name):
            return False
        return self.include_hidden_topics or not is_hidden(name)

    def _takes_service(self, event_topic: str) -> bool:
        service = event_topic.removesuffix(SERVICE_EVENT_SUFFIX)
        selected = (
            self.all_services or event_topic in self.services
            or bool(self.regex and re.search(self.regex, service)))
        if not selected or event_topic in self.exclude_services:
            return False
        return not (self.exclude_regex and re.search(self.exclude_regex, service))
