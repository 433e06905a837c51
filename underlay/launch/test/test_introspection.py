# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The tree that `ros2 launch --print` shows."""

from launch import LaunchDescription
from launch import LaunchIntrospector
from launch.actions import EmitEvent
from launch.actions import ExecuteProcess
from launch.actions import LogInfo
from launch.actions import RegisterEventHandler
from launch.event_handlers import OnProcessExit
from launch.event_handlers import OnShutdown
from launch.events import Shutdown


def test_tree_shows_what_handlers_would_do():
    process = ExecuteProcess(cmd=['echo', ['a', 'b']], cwd='/tmp', env={'A': '1'})
    text = LaunchIntrospector().format_launch_description(LaunchDescription([
        process,
        RegisterEventHandler(OnProcessExit(target_action=process, on_exit=[
            LogInfo(msg='ended'), EmitEvent(event=Shutdown())])),
        RegisterEventHandler(OnShutdown(on_shutdown=[])),
    ]))
    lines = text.splitlines()
    assert lines[1] == ("├── ExecuteProcess(cmd=['echo', 'a' + 'b'], cwd=''/tmp'', "
                        "env={'A': '1'}, shell=False)")
    assert lines[2].startswith("├── RegisterEventHandler('<launch.event_handlers.")
    assert lines[3] == ("│   └── OnProcessExit(matcher='event == ProcessExited and "
                        "ExecuteLocal(event.action)', handler='<actions>', handle_once=False)")
    assert lines[4] == "│       ├── LogInfo('ended')"
    assert lines[5] == "│       └── EmitEvent(event='launch.events.Shutdown')"
    assert lines[6].startswith('└── RegisterEventHandler(')
    assert lines[7].startswith("    └── OnShutdown(matcher='event issubclass of")
