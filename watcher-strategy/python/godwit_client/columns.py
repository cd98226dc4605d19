# SPDX-License-Identifier: Apache-2.0
"""Values that people read in another form than programs: with "-f json" they are as the service sent them."""
import json

from cliff import columns

UNITS = {'TT': ' ms', 'DT': ' ms', 'TD': ' MB', 'PERF': '', 'CPU': ' %', 'MEM': ' MB'}


def number(value):
    """Returns a number with three significant digits, and never with an exponent."""
    return '%.0f' % value if abs(value) >= 100 else '%.3g' % value


def cost(metric, value):
    """Returns the value of a metric with its unit, and with its interval if it is a prediction."""
    if isinstance(value, dict):
        return '%s%s (%s to %s)' % (
            number(value['value']), UNITS.get(metric, ''), number(value['low']), number(value['high']))
    return number(value) + UNITS.get(metric, '')


class Costs(columns.FormattableColumn):
    """Predicted or measured metrics by id, one a line."""

    def human_readable(self):
        return '\n'.join('%s: %s' % (metric, cost(metric, value)) for metric, value in (self._value or {}).items())


class Alternatives(columns.FormattableColumn):
    """What is predicted of each technique, or why it cannot run, one a line, the best first."""

    def human_readable(self):
        return '\n'.join('%s: %s' % (each['technique'], self._text(each)) for each in self._value or [])

    @staticmethod
    def _text(alternative):
        if alternative.get('objective') is None:
            return alternative.get('reason')
        return ', '.join('%s %s' % (metric, cost(metric, value)) for metric, value in alternative['predicted'].items())


class Plain(columns.FormattableColumn):
    """A list or an object: JSON on one line."""

    def human_readable(self):
        return json.dumps(self._value)


def value(any_value):
    """Returns a value of JSON as a column."""
    return Plain(any_value) if isinstance(any_value, (dict, list)) else any_value
