# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Python expressions."""

import collections.abc
import importlib

from ._helpers import describe_all
from ._helpers import expect_arguments
from ..frontend.expose import expose_substitution
from ..substitution import Substitution
from ..utilities import ensure_argument_type
from ..utilities import normalize_to_list_of_substitutions
from ..utilities import perform_substitutions


@expose_substitution('eval')
class PythonExpression(Substitution):
    """The value of a Python expression, as text."""

    def __init__(self, expression, python_modules=('math',)):
        """
        Create the substitution.

        :param expression: the expression, after its substitutions were performed
        :param python_modules: modules it may use; names in `math` need no prefix
        """
        super().__init__()
        accepted = (str, Substitution, collections.abc.Iterable)
        ensure_argument_type(expression, accepted, 'expression', 'PythonExpression')
        ensure_argument_type(python_modules, accepted, 'python_modules', 'PythonExpression')
        self.__expression = normalize_to_list_of_substitutions(expression)
        self.__python_modules = normalize_to_list_of_substitutions(python_modules)

    @classmethod
    def parse(cls, data):
        """Return class and arguments for ``$(eval expression [modules])``."""
        expect_arguments('eval', data, 1, 2)
        kwargs = {'expression': data[0]}
        if len(data) == 2:
            names = ''.join(part.perform(None) for part in data[1])
            kwargs['python_modules'] = [name.strip() for name in names.split(',') if name.strip()]
        return cls, kwargs

    @property
    def expression(self):
        """The expression."""
        return self.__expression

    @property
    def python_modules(self):
        """The modules it may use."""
        return self.__python_modules

    def describe(self):
        """Return a description."""
        modules = describe_all(self.python_modules, ', ')
        return f'PythonExpr({describe_all(self.expression)}, [{modules}])'

    def perform(self, context):
        """Return the value."""
        names = {}
        for part in self.python_modules:
            module = importlib.import_module(context.perform_substitution(part))
            if module.__name__ == 'math':
                names.update(vars(module))
            names[module.__name__] = module
        return str(eval(perform_substitutions(context, self.expression), {}, names))
