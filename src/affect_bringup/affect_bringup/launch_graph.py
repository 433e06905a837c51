# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Turns the node list into launch actions; shared by the launch files of this package."""

from collections.abc import Iterable
import json
from pathlib import Path
from typing import Any

from affect_bringup.graph import MODALITIES
from affect_bringup.graph import NodeSpec
from affect_bringup.graph import parse_sources
from affect_bringup.graph import REPLAY_STARTS_AFTER
from affect_bringup.graph import select
from affect_bringup.graph import STAGES
from affect_bringup.graph import written_by
from affect_bringup.replay import recorded_topics
from affect_bringup.replay import relative
from affect_bringup.replay import replay_command
from affect_bringup.replay import start_ns
from ament_index_python.packages import get_package_share_directory
from launch import LaunchContext
from launch.action import Action
from launch.actions import DeclareLaunchArgument
from launch.actions import ExecuteProcess
from launch.actions import LogInfo
from launch.actions import SetEnvironmentVariable
from launch.actions import Shutdown
from launch.events.process import ProcessExited
from launch_ros.actions import Node
import yaml

_MANAGER = 'lifecycle_manager'
_BOOLEAN = ('true', 'false')
_PURPOSES = ('none', 'research', 'medical', 'safety')

_ARGUMENTS = (
    ('source', 'simulation', ('device', 'file', 'simulation'),
     'What stands behind the sensor nodes; files are named in the parameter files. With device, '
     'microphone and face camera are opened and the headset publishes the other sensors.'),
    ('sources', '', None,
     'Sensors with another source than that, or none; they replace who would publish the same. '
     "'headset_receiver=udp': our wire format; 'face=osc gaze=osc': VRCFaceTracking; "
     "'physiology=lsl imu=device world_camera=none': as it says."),
    ('bag', '', None,
     'Replay this bag instead of running what it recorded; sets use_sim_time.'),
    ('rate', '1.0', None, 'Speed of the replay.'),
    ('loop', 'false', _BOOLEAN, 'Start the replay again when it ends, else shut down.'),
    ('replay_from', 'auto', ('auto', *REPLAY_STARTS_AFTER),
     'Where the replay enters the graph; what the bag speaks for is not started. '
     "'auto' is 'sensors' with a bag and 'none' without."),
    ('trackers', 'true', _BOOLEAN,
     'Compute gaze, face weights and words from images and sound; false: the runtime of the '
     'headset gives gaze and face weights, and words come from outside or not at all.'),
    ('seed', '1', None, 'Which simulated wearer.'),
    ('wearer', '', None, 'Pseudonym of the wearer, stamped into states; empty: nobody enrolled.'),
    ('osc_port', '0', None,
     'UDP port of a VMC receiver to send the avatar to, usually 39539; 0: send nothing.'),
    ('namespace', '', None, 'Namespace of this wearer: a second namespace is a second wearer.'),
    ('container', 'true', _BOOLEAN,
     'Nodes that share an expensive import share a process; false: a process per node.'),
    ('use_sim_time', 'false', _BOOLEAN, 'Follow /clock (set when a bag is replayed).'),
    ('purpose', 'none', _PURPOSES,
     'What the data may be used for at start; emotion exists under research and medical only.'),
    ('respawn', 'true', _BOOLEAN, 'Start a process again after it died.'),
    ('config', '', None,
     'Folder with <node>.param.yaml files to use instead of the ones of this package; those in '
     'its folder simulation/ are added for a simulated wearer.'),
    ('log_level', 'info', ('debug', 'info', 'warn', 'error', 'fatal'), 'Of every node.'),
    ('manager', 'true', _BOOLEAN,
     'Start the lifecycle manager for these nodes (false when another one does it).'),
)


def declare_arguments() -> list[Action]:
    """Return the arguments that every launch file of this package takes, and thread limits."""
    arguments = [
        DeclareLaunchArgument(name, default_value=default, description=text, choices=choices)
        for name, default, choices, text in _ARGUMENTS]
    switches = [
        DeclareLaunchArgument(
            modality, default_value='true', choices=_BOOLEAN,
            description=f'Run the modality {modality} and the sensors that only it needs.')
        for modality in MODALITIES]
    # One thread per process: a dozen pools as wide as the machine fight each other.
    limits = [
        SetEnvironmentVariable(variable, '1')
        for variable in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS')]
    return [*arguments, *switches, *limits]


def argument_names() -> tuple[str, ...]:
    """Return the names of the arguments that `declare_arguments` declares."""
    return (*(argument[0] for argument in _ARGUMENTS), *MODALITIES)


def nodes_of(context: LaunchContext, stages: Iterable[str]) -> list[Action]:
    """Return the processes of these stages and, if asked for, their lifecycle manager."""
    settings = _Settings(context)
    specs = settings.select(stages)
    actions = []
    containers: dict[str, list[NodeSpec]] = {}
    for spec in specs:
        # Nodes that listen at one port of the network can only share it inside a process.
        is_joined = settings.flag('container') or (
            spec.stage == 'sensors' and settings.source_of(spec) == 'osc')
        if is_joined and spec.container is not None:
            containers.setdefault(spec.container, []).append(spec)
        else:
            actions.append(_process(spec, settings))
    actions += [_container(name, members, settings) for name, members in containers.items()]
    if settings.flag('manager'):
        actions.append(lifecycle_manager(context, stages))
    return actions


def lifecycle_manager(context: LaunchContext, stages: Iterable[str]) -> Action:
    """Return the manager of these stages' nodes, in the order of bring-up."""
    settings = _Settings(context)
    specs = sorted(settings.select(stages), key=lambda spec: STAGES.index(spec.stage))
    names = [spec.name for spec in specs if spec.is_managed]
    return Node(
        package='affect_bringup', executable='lifecycle_manager', name=_MANAGER,
        namespace=settings['namespace'], output='screen',
        parameters=[{'node_names': names or ['']}],
        ros_arguments=['--log-level', settings['log_level']],
        respawn=settings.flag('respawn'), respawn_delay=1.0)


def replay(context: LaunchContext) -> list[Action]:
    """Return the player of the bag, or nothing when there is no bag."""
    settings = _Settings(context)
    if not settings['bag']:
        return []
    try:
        rate = float(settings['rate'])
    except ValueError:
        raise ValueError(
            f"rate is '{settings['rate']}'; it must be a number above 0, 1.0 is as recorded"
        ) from None
    bag = Path(settings['bag']).expanduser()
    command = replay_command(
        bag, settings.replay_from, settings['namespace'], rate=rate,
        loop=settings.flag('loop'), live=written_by(settings.select(STAGES)))
    if settings.flag('manager'):
        manager = f'{settings.full_namespace().rstrip("/")}/{_MANAGER}'
        player: Action = Node(
            package='affect_bringup', executable='replay_player', exec_name='bag_player',
            arguments=['--manager', manager, '--start-ns', str(start_ns(bag)), '--', *command],
            output='screen', on_exit=replay_has_ended)
    else:
        player = ExecuteProcess(
            cmd=command, name='bag_player', output='screen', on_exit=replay_has_ended)
    actions: list[Action] = [player]
    if settings['purpose'] == 'none':
        actions.append(LogInfo(msg=(
            "purpose is 'none': no emotion will be published; "
            'add purpose:=research to see it')))
    return actions


def replay_has_ended(event: ProcessExited, context: LaunchContext) -> list[Action]:
    """Shut down; with an exit code that says so when the player has failed."""
    if context.is_shutdown:
        return []
    if event.returncode != 0:
        raise RuntimeError(
            f'the bag player failed (exit code {event.returncode}); its own message says why')
    return [Shutdown(reason='the replay is over')]


class _Settings:
    """The launch arguments of one context, resolved."""

    def __init__(self, context: LaunchContext) -> None:
        self.context = context
        self._values = {
            name: context.launch_configurations[name] for name in argument_names()}
        self.modalities = {m for m in MODALITIES if self.flag(m)}
        self.replay_from = self['replay_from']
        if self.replay_from == 'auto':
            self.replay_from = 'sensors' if self['bag'] else 'none'
        self.sources = parse_sources(self['sources'])
        self.use_sim_time = self.flag('use_sim_time') or bool(self['bag'])

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def select(self, stages: Iterable[str]) -> tuple[NodeSpec, ...]:
        """Return the nodes of these stages that are to run."""
        return select(
            stages, self.modalities, self.replay_from, self['source'],
            trackers=self.flag('trackers'), recorded=self._recorded(), sources=self.sources)

    def source_of(self, spec: NodeSpec) -> str:
        """Return what stands behind a sensor."""
        return self.sources.get(spec.name, self['source'])

    def _recorded(self) -> frozenset[str] | None:
        if not self['bag']:
            return None
        return frozenset(map(relative, recorded_topics(Path(self['bag']).expanduser())))

    def full_namespace(self) -> str:
        """Return the namespace of the nodes, with what an enclosing launch file has pushed."""
        own = self['namespace']
        pushed = self.context.launch_configurations.get('ros_namespace', '')
        parts = [own] if own.startswith('/') else [pushed, own]
        return '/' + '/'.join(part.strip('/') for part in parts if part.strip('/'))

    def integer(self, name: str) -> int:
        try:
            return int(self[name])
        except ValueError:
            raise ValueError(f"{name} is '{self[name]}'; it must be a whole number") from None

    def flag(self, name: str) -> bool:
        return self._values[name].lower() in ('true', '1', 'yes', 'on')

    def parameters(self, spec: NodeSpec) -> dict[str, Any]:
        """Return the parameters that follow from the launch arguments."""
        namespace = self['namespace'].strip('/')
        parameters: dict[str, Any] = {'use_sim_time': self.use_sim_time}
        if namespace:
            parameters['frame_prefix'] = namespace + '/'
        if spec.stage == 'sensors':
            parameters['source'] = self.source_of(spec)
        if parameters.get('source') == 'simulation':
            parameters['seed'] = self.integer('seed')
        if spec.name in ('fusion', 'avatar') and self['wearer']:
            parameters['wearer'] = self['wearer']
        if spec.name == 'avatar' and self.integer('osc_port'):
            parameters['osc_port'] = self.integer('osc_port')
        if spec.name in ('fusion', 'safety_monitor'):
            # A modality that is switched off is not missed.
            parameters['modalities'] = [m for m in MODALITIES if m in self.modalities]
        if spec.name == 'safety_monitor':
            parameters['initial_purpose'] = self['purpose']
        return parameters

    def parameter_files(self, spec: NodeSpec) -> list[str]:
        """Return the node's parameter files, the general one before what a simulation adds."""
        folder = Path(get_package_share_directory('affect_bringup'), 'config')
        if self['config']:
            folder = Path(self['config']).expanduser()
            if not any(folder.glob('*.param.yaml')):
                raise ValueError(
                    f"config is '{folder}', and there is no folder with <node>.param.yaml files")
        paths = [folder / f'{spec.name}.param.yaml']
        if self.is_simulated:
            paths.append(folder / 'simulation' / f'{spec.name}.param.yaml')
        paths = [path for path in paths if path.is_file()]
        for path in paths:
            _check_parameter_file(path)
        return [str(path) for path in paths]

    @property
    def is_simulated(self) -> bool:
        """Whether the wearer is simulated, now or when the bag was recorded."""
        recorded = self._recorded()
        return self['source'] == 'simulation' if recorded is None else (
            'ground_truth/wearer' in recorded)

    def remappings(self) -> list[tuple[str, str]]:
        """Return the remappings that an enclosing launch file has set (SetRemap)."""
        return list(self.context.launch_configurations.get('ros_remaps') or [])


def _check_parameter_file(path: Path) -> None:
    """Complain of a file that rcl could not parse either: the node would not even be made."""
    try:
        complaint = '' if _is_of_nodes(yaml.safe_load(path.read_text())) else (
            "it should be like '/**: {ros__parameters: {name: value}}'")
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        complaint = ' '.join(str(error).split())
    if complaint:
        raise ValueError(f"parameter file '{path}' can't be used: {complaint}")


def _is_of_nodes(value: Any) -> bool:
    """Return whether it is nodes, maybe in namespaces, that have parameters."""
    return isinstance(value, dict) and bool(value) and all(
        isinstance(inner, dict) if key == 'ros__parameters' else _is_of_nodes(inner)
        for key, inner in value.items())


def _process(spec: NodeSpec, settings: _Settings) -> Action:
    return Node(
        package=spec.package, executable=spec.executable, name=spec.name,
        namespace=settings['namespace'], output='screen',
        parameters=[*settings.parameter_files(spec), settings.parameters(spec)],
        ros_arguments=['--log-level', settings['log_level']],
        respawn=settings.flag('respawn'), respawn_delay=0.5)


def _container(name: str, specs: list[NodeSpec], settings: _Settings) -> Action:
    arguments = []
    for spec in specs:
        component = {
            'component': spec.component, 'arguments': _ros_arguments(spec, settings)}
        arguments += ['--component', json.dumps(component)]
    # Without a name: it is a process and no node.
    return Node(
        package='affect_bringup', executable='container', exec_name=name, output='screen',
        arguments=arguments, ros_arguments=['--log-level', settings['log_level']],
        respawn=settings.flag('respawn'), respawn_delay=0.5)


def _ros_arguments(spec: NodeSpec, settings: _Settings) -> list[str]:
    """Return what `_process` would put on the node's own command line."""
    arguments = [
        '--ros-args', '-r', f'__node:={spec.name}', '-r', f'__ns:={settings.full_namespace()}']
    for source, target in settings.remappings():
        arguments += ['-r', f'{source}:={target}']
    for entry in settings.context.launch_configurations.get('global_params') or []:
        if isinstance(entry, tuple):
            arguments += ['-p', f'{entry[0]}:={json.dumps(entry[1])}']
        else:
            arguments += ['--params-file', str(entry)]
    for parameter_file in settings.parameter_files(spec):
        arguments += ['--params-file', parameter_file]
    for key, value in settings.parameters(spec).items():
        # JSON is YAML: strings stay strings and lists stay lists.
        arguments += ['-p', f'{key}:={json.dumps(value)}']
    return arguments
