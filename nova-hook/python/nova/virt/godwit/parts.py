# SPDX-License-Identifier: Apache-2.0
"""The parts of Nova's libvirt driver on which the compute driver relies, and whether this release of Nova has them as expected.

Nova promises none of them. docs/openstack.md lists them with the releases in which they were seen.
"""
import importlib
import inspect

from oslo_log import log as logging

LOG = logging.getLogger(__name__)

_DRIVER = 'nova.virt.libvirt.driver'
_GUEST = 'nova.virt.libvirt.guest'

# What is overridden or called: module, class, name and parameters without self. "..." stands for any further ones, which are passed on.
CALLABLES = (
    (_DRIVER, 'LibvirtDriver', '__init__', ('virtapi', 'read_only')),
    (_DRIVER, 'LibvirtDriver', 'init_host', ('host',)),
    (_DRIVER, 'LibvirtDriver', 'check_can_live_migrate_source', ('context', 'instance', '...')),
    (_DRIVER, 'LibvirtDriver', 'rollback_live_migration_at_source', ('context', 'instance', '...')),
    (_DRIVER, 'LibvirtDriver', 'live_migration_abort', ('instance',)),
    (_DRIVER, 'LibvirtDriver', '_live_migration', (
        'context', 'instance', 'dest', 'post_method', 'recover_method', 'block_migration', 'migrate_data')),
    (_DRIVER, 'LibvirtDriver', '_live_migration_operation', (
        'context', 'instance', 'dest', 'block_migration', 'migrate_data', 'guest', 'device_names')),
    (_DRIVER, 'LibvirtDriver', '_live_migration_monitor', ('context', 'instance', 'guest', '...')),
    (_DRIVER, 'LibvirtDriver', '_get_migration_flags', ('is_block_migration',)),
    (_DRIVER, 'LibvirtDriver', '_is_post_copy_enabled', ('migration_flags',)),
    ('nova.virt.libvirt.migration', None, 'trigger_postcopy_switch', ('guest', 'instance', 'migration')),
)

# Calls of Nova's Guest that have to reach the libvirt domain in Guest._domain by a method of it, which the compute driver replaces.
_REACHED = (
    ('migrateToURI3', lambda guest: guest.migrate('qemu+tcp://probe/system', flags=0)),
    ('jobStats', lambda guest: guest.get_job_info()),
    ('migrateSetMaxDowntime', lambda guest: guest.migrate_configure_max_downtime(1)),
    ('migrateStartPostCopy', lambda guest: guest.migrate_start_postcopy()),
    ('abortJob', lambda guest: guest.abort_job()),
)


class _Probe(object):
    """A libvirt domain without a VM, which records what is called."""

    def __init__(self):
        self.called = []

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)

        def call(*args, **kwargs):
            self.called.append((name, args, kwargs))
            return {}
        return call


def module(name):
    """A module of Nova, or None if this release does not have it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def differences():
    """What is not as the compute driver expects it, in words; empty if all is."""
    return [each for each in [_of_callable(*each) for each in CALLABLES] if each] + _of_guest() + _of_states()


def fit():
    """Whether all is as expected. Logs one warning that names what is not."""
    different = differences()
    if different:
        LOG.warning("Godwit has no influence on live migrations, because this release of Nova differs from those it knows: %s. Nova's own "
                    'driver is used', '; '.join(different))
    return not different


def _of_callable(module_name, class_name, name, expected):
    owner = module(module_name)
    if owner is not None and class_name is not None:
        owner = getattr(owner, class_name, None)
    label = '.'.join(part for part in (class_name or module_name, name) if part)
    found = getattr(owner, name, None)
    if found is None:
        return '%s is missing' % label
    try:
        parameters = list(inspect.signature(found).parameters)
    except (TypeError, ValueError) as e:
        return '%s cannot be inspected: %s' % (label, e)
    if class_name is not None:
        parameters = parameters[1:]
    fixed = [each for each in expected if each != '...']
    if parameters[:len(fixed)] != fixed or len(parameters) > len(fixed) and '...' not in expected:
        return '%s has the parameters (%s) instead of (%s)' % (label, ', '.join(parameters), ', '.join(expected))
    return None


def _of_guest():
    guest_class = getattr(module(_GUEST), 'Guest', None)
    if guest_class is None:
        return ['%s.Guest is missing' % _GUEST]
    different = []
    for method, call in _REACHED:
        probe = _Probe()
        try:
            guest = guest_class(probe)
            if getattr(guest, '_domain', None) is not probe:
                return ['Guest._domain is not the domain of libvirt']
            call(guest)
            reached = [(args, kwargs) for name, args, kwargs in probe.called if name == method]
        except Exception as e:
            different.append('Guest does not call %s: %s' % (method, e))
            continue
        if len(reached) != 1:
            different.append('Guest does not call %s' % method)
        elif method == 'migrateToURI3' and not {'params', 'flags'} <= set(reached[0][1]):
            different.append('Guest calls migrateToURI3 without params and flags by name')
    return different


def _of_states():
    states = module('nova.compute.vm_states')
    return [] if hasattr(states, 'PAUSED') else ['nova.compute.vm_states.PAUSED is missing']
