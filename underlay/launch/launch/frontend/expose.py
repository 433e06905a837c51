# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Names under which classes are known to markup and to ``$(...)`` in text."""

import inspect

action_parse_methods = {}
substitution_parse_methods = {}


def instantiate_action(entity, parser):
    """Return the action for an entity of a markup file."""
    if entity.type_name not in action_parse_methods:
        raise RuntimeError(f'Unrecognized entity of the type: {entity.type_name}')
    action_type, kwargs = action_parse_methods[entity.type_name](entity, parser)
    return action_type(**kwargs)


def instantiate_substitution(type_name, args=None):
    """
    Return the substitution ``$(type_name args...)``.

    :param args: a list with a list of substitutions for each argument
    """
    if type_name not in substitution_parse_methods:
        raise RuntimeError(f'Unknown substitution: {type_name}')
    substitution_type, kwargs = substitution_parse_methods[type_name](args or [])
    # A variable number of arguments is passed under this name.
    positional = kwargs.pop('args', ())
    return substitution_type(*positional, **kwargs)


def __expose_impl(name, parse_methods_map, exposed_type):
    """Return a decorator that puts the parse method of a class, or a function, into a map."""

    def decorator(exposed):
        method = getattr(exposed, 'parse', None) if inspect.isclass(exposed) else exposed
        if not callable(method):
            raise RuntimeError(
                f'Exposed {exposed_type} parser for {name} is not a callable or a class '
                f"containing a parse method, which takes a class method called 'parse': {exposed}")
        if parse_methods_map.get(name, method) != method:
            raise RuntimeError(
                f'Two {exposed_type} parsing methods exposed with the same name: [{name}].')
        parse_methods_map[name] = _checked(method) if exposed_type == 'action' else method
        return exposed

    return decorator


def _checked(method):

    def parse(entity, parser):
        result = method(entity, parser)
        entity.assert_entity_completely_parsed()
        return result

    return parse


def expose_substitution(name):
    """Decorate a substitution class that has ``parse(data)``, to use it as ``$(name ...)``."""
    return __expose_impl(name, substitution_parse_methods, 'substitution')


def expose_action(name):
    """Decorate an action class that has ``parse(entity, parser)``, to use it as ``<name>``."""
    return __expose_impl(name, action_parse_methods, 'action')
