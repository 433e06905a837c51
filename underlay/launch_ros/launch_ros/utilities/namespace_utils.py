# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Namespaces."""


def is_root_namespace(ns):
    """Return whether it is the root."""
    return ns == '/'


def is_namespace_absolute(ns):
    """Return whether it starts at the root."""
    return ns.startswith('/')


def make_namespace_absolute(ns):
    """Return it starting at the root; None stays None."""
    if ns is None or is_namespace_absolute(ns):
        return ns
    return '/' + ns


def prefix_namespace(base_ns, ns):
    """Return `ns` below `base_ns`, unless it is absolute; either may be None."""
    if ns is None:
        combined = base_ns
    elif not base_ns or is_namespace_absolute(ns):
        combined = ns
    else:
        combined = ('' if is_root_namespace(base_ns) else base_ns) + '/' + ns
    if combined is None or is_root_namespace(combined):
        return combined
    return combined.rstrip('/')
