# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Echo a service."""

import rclpy
from rclpy.node import Node
from rclpy.qos import QoSPresetProfiles
from ros2cli.direct_node import appears
from ros2cli.direct_node import direct_node
from ros2cli.errors import CommandError
from ros2cli.interface_lookup import get_interface
from ros2cli.messages import dict_to_yaml
from ros2cli.messages import message_to_csv
from ros2cli.messages import message_to_dict
from ros2cli.verb.topic.echo import add_format_arguments
from ros2cli.verb.topic.echo import format_options
from service_msgs.msg import ServiceEventInfo

EVENT_NAMES = {
    getattr(ServiceEventInfo, name): name
    for name in ('REQUEST_SENT', 'REQUEST_RECEIVED', 'RESPONSE_SENT', 'RESPONSE_RECEIVED')}


def add_arguments(parser, cli_name):
    """Add the arguments of the verb."""
    parser.add_argument(
        'service_name', help="Name of the ROS service to echo (e.g. '/add_two_ints')")
    parser.add_argument(
        'service_type', nargs='?',
        help="Type of the ROS service (e.g. 'example_interfaces/srv/AddTwoInts')")
    parser.add_argument(
        '--csv', action='store_true',
        help='Output all recursive fields separated by commas (e.g. for plotting).')
    add_format_arguments(parser)


def service_class_of(node: Node, args):
    """Return the class that was named or, without a name, that of the service."""
    type_name = args.service_type
    if type_name is None:
        def types() -> list[str]:
            return dict(node.get_service_names_and_types()).get(args.service_name, [])

        if not appears(node, lambda: bool(types())):
            raise CommandError('Could not load the type for the passed service')
        type_name = types()[0]
    try:
        return get_interface(type_name, ('srv',))
    except (AttributeError, ImportError, ValueError):
        raise CommandError(f"The service type '{type_name}' is invalid") from None


def main(*, parser, args) -> int:
    """Print the events of a service's clients and servers until interrupted."""
    options = format_options(args)

    def show(event) -> None:
        if args.csv:
            print(message_to_csv(event, **options))
            return
        fields = message_to_dict(event, **options)
        fields['info']['event_type'] = EVENT_NAMES[fields['info']['event_type']]
        print(dict_to_yaml(fields, flow_style=args.flow_style), end='---\n')

    with direct_node(args) as node:
        event_class = service_class_of(node, args).Event
        topic = f'{args.service_name}/_service_event'
        node.create_subscription(
            event_class, topic, show, QoSPresetProfiles.get_from_short_key('services_default'))
        if not appears(node, lambda: node.count_publishers(topic) > 0):
            print(
                f"No publishers on topic '{topic}'; "
                'is service introspection on the client or server enabled?')
        rclpy.spin(node)
    return 0
