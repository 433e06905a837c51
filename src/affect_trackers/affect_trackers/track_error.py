# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a tracker says of a file that it can't track."""


class TrackError(ValueError):
    """A file can't be tracked; the text says what is wrong, where, and what to do."""


class CannotTrackError(TrackError):
    """Nothing can be tracked on this machine, whatever the file; the text says what is missing."""
