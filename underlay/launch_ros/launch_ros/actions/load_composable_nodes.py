# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Loads components into a container."""

from pathlib import Path
import threading

from launch import logging
from launch.action import Action
from launch.frontend import Entity
from launch.frontend import expose_action
from launch.some_substitutions_type import SomeSubstitutionsType_types_tuple
from launch.utilities import ensure_argument_type
from launch.utilities import normalize_to_list_of_substitutions
from launch.utilities import perform_substitutions

from .node import Node
from ..descriptions import ComposableNode
from ..parameter_descriptions import ParameterFile
from ..utilities import add_node_name
from ..utilities import evaluate_parameters
from ..utilities import get_node_name_count
from ..utilities import make_namespace_absolute
from ..utilities import normalize_parameter_dict
from ..utilities import prefix_namespace
from ..utilities.to_parameters_list import to_parameters_list

# How often a thread that waits for a service looks whether the launch shuts down.
_POLL_S = 1.0


def _load_node_service():
    try:
        from composition_interfaces.srv import LoadNode
    except ImportError as error:
        raise RuntimeError(
            'loading components takes the package `ros-jazzy-composition-interfaces` (and a '
            'container, for C++ from `ros-jazzy-rclcpp-components`) of a ROS distribution'
        ) from error
    return LoadNode


@expose_action('load_composable_node')
class LoadComposableNodes(Action):
    """Have a running container load components, one after the other."""

    def __init__(self, *, composable_node_descriptions, target_container, **kwargs):
        """
        Create the action.

        :param composable_node_descriptions: list of :class:`ComposableNode`
        :param target_container: the container's action, or its full name
        """
        ensure_argument_type(
            target_container, [*SomeSubstitutionsType_types_tuple, Node], 'target_container',
            'LoadComposableNodes')
        super().__init__(**kwargs)
        self.__composable_node_descriptions = composable_node_descriptions
        self.__target_container = target_container
        self.__container = None
        self.__client = None
        self.__logger = logging.get_logger(__name__)

    @classmethod
    def parse(cls, entity, parser):
        """Return class and arguments for ``<load_composable_node target> <composable_node>``."""
        _, kwargs = super().parse(entity, parser)
        kwargs['target_container'] = parser.parse_substitution(entity.get_attr('target'))
        kwargs['composable_node_descriptions'] = [
            ComposableNode.from_entity(parser, node)
            for node in entity.get_attr('composable_node', data_type=list[Entity])]
        return cls, kwargs

    def execute(self, context):
        """
        Start loading.

        :raises RuntimeError: without composition_interfaces
        """
        service = _load_node_service()
        from ..ros_adapters import get_ros_node
        if isinstance(self.__target_container, Node):
            self.__container = self.__target_container.node_name
        else:
            self.__container = perform_substitutions(
                context, normalize_to_list_of_substitutions(self.__target_container))
        self.__client = get_ros_node(context).create_client(
            service, f'{self.__container}/_container/load_node')
        requests = [get_composable_node_load_request(description, context)
                    for description in self.__composable_node_descriptions]
        requests = [request for request in requests if request is not None]
        if requests:
            context.add_completion_future(context.asyncio_loop.run_in_executor(
                None, self.__load, requests, context))
        return None

    def __load(self, requests, context):
        for request in requests:
            try:
                if not self.__load_one(request, context):
                    return
            except Exception:
                # The shutdown takes the ROS node away from under the call.
                if context.is_shutdown:
                    return
                raise

    def __load_one(self, request, context):
        """Return whether the launch goes on."""
        name = self.__client.srv_name
        while not self.__client.wait_for_service(timeout_sec=_POLL_S):
            if context.is_shutdown:
                self.__logger.warning(
                    f"Abandoning wait for the '{name}' service, due to shutdown.")
                return False
        done = threading.Event()
        future = self.__client.call_async(request)
        future.add_done_callback(lambda _: done.set())
        while not done.wait(_POLL_S):
            if context.is_shutdown:
                self.__logger.warning(
                    f"Abandoning wait for the '{name}' service response, due to shutdown.")
                future.cancel()
                return False
        if future.exception() is not None:
            raise future.exception()
        self.__report(request, future.result(), context)
        return True

    def __report(self, request, response, context):
        name = response.full_node_name or request.node_name
        if not response.success:
            self.__logger.error(
                f"Failed to load node '{name}' of type '{request.plugin_name}' in container "
                f"'{self.__container}': {response.error_message}")
            return
        add_node_name(context, name)
        count = get_node_name_count(context, name)
        if count > 1:
            logging.get_logger(self.__container).warning(
                f'there are now at least {count} nodes with the name {name} created within this '
                'launch context')
        self.__logger.info(
            f"Loaded node '{response.full_node_name}' in container '{self.__container}'")


def get_composable_node_load_request(composable_node_description, context):
    """Return the request that loads a component, None if its condition does not hold."""
    description = composable_node_description
    if description.condition() is not None and not description.condition().evaluate(context):
        return None
    request = _load_node_service().Request()
    request.package_name = perform_substitutions(context, description.package)
    request.plugin_name = perform_substitutions(context, description.node_plugin)
    if description.node_name is not None:
        request.node_name = perform_substitutions(context, description.node_name)
    namespace = None
    if description.node_namespace is not None:
        namespace = perform_substitutions(context, description.node_namespace)
    base = context.launch_configurations.get('ros_namespace')
    namespace = make_namespace_absolute(prefix_namespace(base, namespace))
    if namespace is not None:
        request.node_namespace = namespace
    rules = list(context.launch_configurations.get('ros_remaps') or ())
    rules += [(perform_substitutions(context, source), perform_substitutions(context, target))
              for source, target in description.remappings or ()]
    if rules:
        request.remap_rules = [f'{source}:={target}' for source, target in rules]

    def messages(parameters):
        evaluated = evaluate_parameters(context, parameters)
        return [parameter.to_parameter_msg() for parameter in to_parameters_list(
            context, request.node_name, namespace, evaluated)]

    parameters = [*_global_parameters(context), *(description.parameters or ())]
    if parameters:
        request.parameters = messages(parameters)
    if description.extra_arguments is not None:
        request.extra_arguments = messages(description.extra_arguments)
    return request


def _global_parameters(context):
    for entry in context.launch_configurations.get('global_params') or ():
        if isinstance(entry, tuple):
            name, value = entry
            yield normalize_parameter_dict({name: value})
        else:
            yield ParameterFile(Path(entry).resolve())
