# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Starts a ROS node."""

import os
import pathlib
from tempfile import NamedTemporaryFile

from launch import logging
from launch.actions import ExecuteProcess
from launch.frontend import Entity
from launch.frontend import expose_action
from launch.frontend.attributes import parse_optional
from launch.frontend.attributes import parse_pairs
from launch.frontend.type_utils import get_data_type_from_identifier
from launch.substitutions import LocalSubstitution
from launch.utilities import ensure_argument_type
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions
import yaml

from .node_action_extension import load_node_action_extensions
from .node_action_extension import NodeActionExtension
from ..parameter_descriptions import Parameter
from ..parameter_descriptions import ParameterFile
from ..parameter_descriptions import ParameterValue
from ..substitutions import ExecutableInPackage
from ..utilities import add_node_name
from ..utilities import evaluate_parameters
from ..utilities import get_node_name_count
from ..utilities import make_namespace_absolute
from ..utilities import normalize_parameters
from ..utilities import normalize_remap_rules
from ..utilities import prefix_namespace
from ..utilities.validate_names import validate_namespace
from ..utilities.validate_names import validate_node_name

__all__ = ['Node', 'NodeActionExtension']


def _parse_parameter(param, parser):
    """Return the file or the dictionary that a ``<param>`` entity stands for."""
    path = param.get_attr('from', optional=True)
    allow_substs = param.get_attr('allow_substs', data_type=bool, optional=True)
    name = param.get_attr('name', optional=True)
    if path is None and name is None:
        raise ValueError('param Entity should have name or from attribute')
    if path is not None and name is not None:
        raise RuntimeError('name and from attributes are mutually exclusive')
    if path is None:
        if allow_substs is not None:
            raise RuntimeError("'allow_substs' can only be used together with 'from' attribute")
        return _parse_named_parameter(param, parser)
    param.assert_entity_completely_parsed()
    if isinstance(allow_substs, str):
        allow_substs = parser.parse_substitution(allow_substs)
    return ParameterFile(
        parser.parse_substitution(path),
        allow_substs=False if allow_substs is None else allow_substs)


def _parse_named_parameter(param, parser):
    """Return {name: value or nested dictionary} for a ``<param name>`` entity."""
    name = tuple(parser.parse_substitution(param.get_attr('name')))
    type_name = param.get_attr('type', optional=True)
    value_type = None if type_name is None else get_data_type_from_identifier(type_name)
    value = param.get_attr('value', data_type=value_type, optional=True)
    nested = param.get_attr('param', data_type=list[Entity], optional=True)
    param.assert_entity_completely_parsed()
    if nested:
        if value is not None:
            raise RuntimeError('nested parameters and value attributes are mutually exclusive')
        if type_name is not None:
            raise RuntimeError('nested parameters and type attributes are mutually exclusive')
        values = {}
        for entry in nested:
            values.update(_parse_named_parameter(entry, parser))
        return {name: values}
    if value is None:
        raise RuntimeError('either a value attribute or nested params are needed')
    return {name: ParameterValue(parser.parse_if_substitutions(value), value_type=value_type)}


@expose_action('node')
class Node(ExecuteProcess):
    """Run the executable of a ROS node with its name, namespace, parameters and remappings."""

    UNSPECIFIED_NODE_NAME = '<node_name_unspecified>'
    UNSPECIFIED_NODE_NAMESPACE = '<node_namespace_unspecified>'

    def __init__(self, *, executable, package=None, name=None, namespace=None, exec_name=None,
                 parameters=None, remappings=None, ros_arguments=None, arguments=None, **kwargs):
        """
        Create the action.

        :param executable: name of the executable in the package, or a path without a package
        :param package: name of the package
        :param name: name of the node; None leaves the one in its code
        :param namespace: namespace of the node, below the one that was pushed unless absolute
        :param exec_name: label of the process, default is the executable's base name
        :param parameters: list of paths, :class:`ParameterFile`, :class:`Parameter` and
            (nested) dictionaries; later ones win
        :param remappings: (from, to) pairs
        :param ros_arguments: further ROS arguments
        :param arguments: further arguments, before the ROS arguments
        :param kwargs: see :class:`launch.actions.ExecuteProcess`
        """
        if package is None:
            command = [executable]
        else:
            command = [ExecutableInPackage(package=package, executable=executable)]
        command += arguments or []
        if ros_arguments is not None:
            command += ['--ros-args', *ros_arguments]
        command.append('--ros-args')
        if name is not None:
            command += ['-r', LocalSubstitution(
                "ros_specific_arguments['name']", description='node name')]
        if parameters is not None:
            ensure_argument_type(parameters, list, 'parameters', 'Node')
        self.__parameters = normalize_parameters([] if parameters is None else parameters)
        self.__remappings = list(normalize_remap_rules(remappings or []))
        super().__init__(cmd=command, name=exec_name, **kwargs)
        self.__package = package
        # Nobody reads it here: upstream's tests of markup do, by this name.
        self.__arguments = arguments
        self.__node_executable = executable
        self.__node_name = name
        self.__node_namespace = namespace
        self.__expanded_name = self.UNSPECIFIED_NODE_NAME
        self.__expanded_namespace = self.UNSPECIFIED_NODE_NAMESPACE
        self.__expanded_parameter_arguments = []
        self.__expanded_remappings = None
        self.__final_name = None
        self.__substitutions_performed = False
        self.__logger = logging.get_logger(__name__)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<node pkg exec ...> [<param>] [<remap>] [<env>]``."""
        _, kwargs = super().parse(entity, parser, ignore=['cmd', 'name'])
        for name, keyword in (('args', 'arguments'), ('ros_args', 'ros_arguments')):
            text = entity.get_attr(name, optional=True)
            if text is not None:
                kwargs[keyword] = cls._parse_cmdline(text, parser)
        kwargs['executable'] = parser.parse_substitution(entity.get_attr('exec'))
        parse_optional(entity, parser, kwargs, {
            'exec_name': 'exec_name', 'name': 'name', 'namespace': 'namespace', 'pkg': 'package'})
        remappings = parse_pairs(entity, parser, 'remap', ('from', 'to'))
        if remappings is not None:
            kwargs['remappings'] = remappings
        parameters = entity.get_attr('param', data_type=list[Entity], optional=True)
        if parameters is not None:
            kwargs['parameters'] = cls.parse_nested_parameters(parameters, parser)
        return cls, kwargs

    @staticmethod
    def parse_nested_parameters(params, parser):
        """
        Return the list of files and dictionaries that ``<param>`` entities stand for.

        :raises ValueError, RuntimeError: if one has neither name nor file, or things that exclude
            each other
        """
        return [_parse_parameter(param, parser) for param in params]

    @property
    def node_package(self):
        """The package."""
        return self.__package

    @property
    def node_executable(self):
        """The executable."""
        return self.__node_executable

    @property
    def node_name(self):
        """
        The full name of the node; what is unknown of it shows as unspecified.

        :raises RuntimeError: before the action is executed
        """
        if self.__final_name is None:
            raise RuntimeError("cannot access 'node_name' before executing action")
        return self.__final_name

    @property
    def expanded_node_namespace(self):
        """The namespace."""
        return self.__expanded_namespace

    @property
    def expanded_remapping_rules(self):
        """The (from, to) pairs, None if there are none."""
        return self.__expanded_remappings

    def is_node_name_fully_specified(self):
        """Return whether name and namespace are both known."""
        return (self.UNSPECIFIED_NODE_NAME not in self.node_name
                and self.UNSPECIFIED_NODE_NAMESPACE not in self.node_name)

    def execute(self, context):
        """Start the node."""
        self._perform_substitutions(context)
        names = {}
        if self.__node_name is not None:
            names['name'] = f'__node:={self.__expanded_name}'
        if self.__expanded_namespace != '':
            names['ns'] = f'__ns:={self.__expanded_namespace}'
        for extension in load_node_action_extensions().values():
            added, names = extension.prepare_for_execute(context, names, self)
            self.__extend_command(*added)
        context.extend_locals({'ros_specific_arguments': names})
        result = super().execute(context)
        if self.is_node_name_fully_specified():
            add_node_name(context, self.node_name)
            count = get_node_name_count(context, self.node_name)
            if count > 1:
                logging.get_logger(self.name).warning(
                    f'there are now at least {count} nodes with the name {self.node_name} '
                    'created within this launch context')
        return result

    def _perform_substitutions(self, context):
        if self.__substitutions_performed:
            return
        self.__substitutions_performed = True
        try:
            self.__expand_names(context)
        except Exception:
            self.__logger.error(
                'Error while expanding or validating node name or namespace for '
                f"'package={self.__package}, executable={self.__node_executable}, "
                f"name={self.__node_name}, namespace={self.__node_namespace}':")
            raise
        self.__final_name = prefix_namespace(self.__expanded_namespace, self.__expanded_name)
        self.__add_global_parameters(context)
        self.__add_parameters(context)
        self.__add_remappings(context)

    def __extend_command(self, *parts):
        self.cmd.extend(normalize_to_list_of_substitutions(part) for part in parts)

    def __expand_names(self, context):
        if self.__node_name is not None:
            self.__expanded_name = perform_substitutions(
                context, normalize_to_list_of_substitutions(self.__node_name))
            validate_node_name(self.__expanded_name)
        namespace = None
        if self.__node_namespace is not None:
            namespace = perform_substitutions(
                context, normalize_to_list_of_substitutions(self.__node_namespace))
        base = context.launch_configurations.get('ros_namespace')
        namespace = make_namespace_absolute(prefix_namespace(base, namespace))
        if namespace is not None:
            self.__expanded_namespace = namespace
            self.__extend_command('-r', LocalSubstitution("ros_specific_arguments['ns']"))
            validate_namespace(namespace)

    def __add_global_parameters(self, context):
        """Pass what SetParameter and SetParametersFromFile left; the node's own come later."""
        for entry in context.launch_configurations.get('global_params') or ():
            if isinstance(entry, tuple):
                name, value = entry
                self.__extend_command('-p', f'{name}:={value}')
                continue
            path = os.path.abspath(entry)
            if not os.path.isfile(path):
                raise RuntimeError(
                    f"SetParametersFromFile: the parameter file '{path}' does not exist")
            self.__add_parameter_argument(path, is_file=True)

    def __add_parameter_argument(self, argument, *, is_file):
        self.__expanded_parameter_arguments.append((argument, is_file))
        self.__extend_command('--params-file' if is_file else '-p', argument)

    def __add_parameters(self, context):
        for entry in evaluate_parameters(context, self.__parameters):
            if isinstance(entry, Parameter):
                name, value = entry.evaluate(context)
                self.__add_parameter_argument(f'{name}:={yaml.dump(value)}', is_file=False)
                continue
            path = str(entry) if isinstance(entry, pathlib.Path) else self.__write_file(entry)
            if os.path.isfile(path):
                self.__add_parameter_argument(path, is_file=True)
            else:
                self.__logger.warning(f'Parameter file path is not a file: {path}')

    def __write_file(self, parameters):
        node = self.node_name if self.is_node_name_fully_specified() else '/**'
        # It stays: a node that is respawned reads it again, long after this action was executed.
        with NamedTemporaryFile(mode='w', prefix='launch_params_', delete=False) as file:
            yaml.dump({node: {'ros__parameters': parameters}}, file, default_flow_style=False)
            return file.name

    def __add_remappings(self, context):
        rules = list(context.launch_configurations.get('ros_remaps') or ())
        rules += [(perform_substitutions(context, source), perform_substitutions(context, target))
                  for source, target in self.__remappings]
        if rules:
            self.__expanded_remappings = rules
        for source, target in rules:
            self.__extend_command('-r', f'{source}:={target}')
