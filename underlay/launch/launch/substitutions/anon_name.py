# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Unique names."""

import os
import random
import re
import socket
import sys

from ._helpers import describe_all
from ._helpers import expect_arguments
from ..frontend.expose import expose_substitution
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_substitution('anon')
class AnonName(Substitution):
    """A name made unique; the same name gives the same result within a launch."""

    def __init__(self, name):
        super().__init__()
        self.__name = normalize_to_list_of_substitutions(name)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(anon name)``."""
        expect_arguments('anon', data, 1)
        return cls, {'name': data[0]}

    @property
    def name(self):
        """The name to start from."""
        return self.__name

    def describe(self):
        """Return a description."""
        return f'AnonName({describe_all(self.name)})'

    def perform(self, context):
        """Return the unique name."""
        name = perform_substitutions(context, self.name)
        known = context.launch_configurations
        if 'anon' + name not in known:
            known['anon' + name] = self.compute_name(name)
        return known['anon' + name]

    def compute_name(self, id_value):
        """Return a new unique name with this start."""
        number = random.randint(0, sys.maxsize)
        return re.sub('[-.:]', '_', f'{id_value}_{socket.gethostname()}_{os.getpid()}_{number}')
