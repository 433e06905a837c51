# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Logs a message."""

from .. import logging
from ..action import Action
from ..frontend.expose import expose_action
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_action('log')
class LogInfo(Action):
    """Log a message."""

    def __init__(self, *, msg, **kwargs):
        super().__init__(**kwargs)
        self.__msg = normalize_to_list_of_substitutions(msg)
        self.__logger = logging.get_logger('launch.user')

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<log message>``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['msg'] = parser.parse_substitution(entity.get_attr('message'))
        return cls, kwargs

    @property
    def msg(self):
        """The message."""
        return self.__msg

    def execute(self, context):
        """Log the message."""
        self.__logger.info(perform_substitutions(context, self.msg))
        return None
