# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The standard library's handlers, each with an own format for chosen loggers."""

import logging
import logging.handlers


def with_per_logger_formatting(handler_class):
    """Return a subclass whose format may differ from logger to logger."""

    class PerLoggerFormatting(handler_class):

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self._formatters = {}

        def setFormatterFor(self, logger, formatter):
            """Use `formatter` for records of this logger (or of the logger of this name)."""
            self._formatters[getattr(logger, 'name', logger)] = formatter

        def unsetFormatterFor(self, logger):
            """Use the common format again for this logger."""
            self._formatters.pop(getattr(logger, 'name', logger), None)

        def format(self, record):
            """Return the text of the record."""
            formatter = self._formatters.get(record.name)
            return super().format(record) if formatter is None else formatter.format(record)

    PerLoggerFormatting.__name__ = handler_class.__name__
    PerLoggerFormatting.__doc__ = handler_class.__doc__
    return PerLoggerFormatting


def __getattr__(name):
    for module in (logging, logging.handlers):
        found = getattr(module, name, None)
        if isinstance(found, type) and issubclass(found, logging.Handler):
            # Kept, so that the class is the same one next time.
            globals()[name] = with_per_logger_formatting(found)
            return globals()[name]
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
