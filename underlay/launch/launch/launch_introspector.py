# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Text form of a launch description, for ``ros2 launch --print``."""

from .action import Action
from .launch_description_entity import LaunchDescriptionEntity
from .utilities import normalize_to_list_of_substitutions


def format_substitutions(substitutions):
    """Return the descriptions of the substitutions, joined by plus signs."""
    return ' + '.join(
        part.describe() for part in normalize_to_list_of_substitutions(substitutions))


def format_entities(entities):
    """Return the lines that describe the entities; four spaces indent what is nested."""
    lines = []
    for entity in entities:
        if isinstance(entity, Action):
            lines += format_action(entity)
        else:
            lines.append(f"Unknown entity('{entity}')")
    return lines


def format_event_handler(event_handler):
    """Return the lines that describe an event handler and what it visits."""
    if not hasattr(event_handler, 'describe'):
        return [f"EventHandler('{hex(id(event_handler))}')"]
    text, entities = event_handler.describe()
    if isinstance(entities, LaunchDescriptionEntity):
        entities = [entities]
    return [text, *_indented(format_entities(entities))]


def format_action(action):
    """Return the lines that describe an action."""
    from .actions import EmitEvent
    from .actions import ExecuteProcess
    from .actions import LogInfo
    from .actions import RegisterEventHandler
    if isinstance(action, LogInfo):
        return [f'LogInfo({format_substitutions(action.msg)})']
    if isinstance(action, EmitEvent):
        return [f"EmitEvent(event='{action.event.name}')"]
    if isinstance(action, ExecuteProcess):
        command = ', '.join(format_substitutions(part) for part in action.cmd)
        cwd = None if action.cwd is None else f"'{format_substitutions(action.cwd)}'"
        env = None
        if action.env is not None:
            pairs = (f'{format_substitutions(name)}: {format_substitutions(value)}'
                     for name, value in action.env)
            env = '{' + ', '.join(pairs) + '}'
        return [f'ExecuteProcess(cmd=[{command}], cwd={cwd}, env={env}, shell={action.shell})']
    if isinstance(action, RegisterEventHandler):
        handler = action.event_handler
        return [f"RegisterEventHandler('{handler}'):",
                *_indented(format_event_handler(handler))]
    return [f"Action('{action}')"]


def _indented(lines):
    return ['    ' + line for line in lines]


def _as_tree(lines):
    """Draw branches in place of the indentation: each line is indented by four at least."""
    depths = [(len(line) - len(line.lstrip())) // 4 for line in lines]
    drawn = []
    for index, (line, depth) in enumerate(zip(lines, depths, strict=False)):
        rest = depths[index + 1:]
        # A level goes on below this line if it comes up again before a shallower one does.
        goes_on = [False] * (depth + 1)
        for level in range(1, depth + 1):
            for later in rest:
                if later < level:
                    break
                if later == level:
                    goes_on[level] = True
                    break
        trunk = ''.join('│   ' if goes_on[level] else '    ' for level in range(1, depth))
        branch = '├── ' if goes_on[depth] else '└── '
        drawn.append(trunk + branch + line.lstrip())
    return drawn


class LaunchIntrospector:
    """Formats launch descriptions without launching them."""

    def format_launch_description(self, launch_description):
        """Return the description as a tree, one line per entity."""
        lines = _as_tree(_indented(format_entities(launch_description.entities)))
        return '\n'.join([str(launch_description), *lines])
