# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Matchers of processes."""


def _matcher(predicate):
    return lambda action: action.process_details is not None and predicate(action.process_details)


def matches_pid(pid):
    """Return a matcher for the process with this id."""
    return _matcher(lambda details: details.get('pid') == pid)


def matches_name(name):
    """Return a matcher for the process with this label."""
    return _matcher(lambda details: details['name'] == name)


def matches_executable(executable):
    """Return a matcher for processes whose executable's path ends with this text."""
    return _matcher(lambda details: details['cmd'][0].endswith(executable))
