"""Compares Watcher's own strategy classes with the rules that Godwit's replay takes as baselines, on snapshots of a replay.

Usage: rules.py SNAPSHOTS [RESULTS]. Prints how many snapshots agree; exit code 1 if one does not. RESULTS receives JSON.
"""
import json
import random
import sys
from unittest import mock

from oslo_config import cfg
from watcher.common import utils
from watcher.decision_engine.model import element
from watcher.decision_engine.model import model_root
from watcher.decision_engine.strategy.strategies import vm_workload_consolidation
from watcher.decision_engine.strategy.strategies import workload_stabilization

MOST_SHOWN = 5
PROJECT = '91FFFE30-78A0-4152-ACD2-8310FF274DC9'


def model_of(snapshot):
    """Watcher's model of the cluster; a host has disk for everything, and its allocation ratios are 1."""
    model = model_root.ModelRoot()
    for host in snapshot['hosts']:
        model.add_node(element.ComputeNode(
            uuid=host['name'], hostname=host['name'], state='up', status='enabled' if host['enabled'] else 'disabled', disabled_reason='',
            vcpus=host['vcpus'], vcpu_reserved=0, vcpu_ratio=1.0, memory=int(host['memoryMib']), memory_mb_reserved=0,
            memory_ratio=1.0, disk=1000000, disk_gb_reserved=0, disk_ratio=1.0))
    for vm in snapshot['vms']:
        instance = element.Instance(
            uuid=vm['name'], name=vm['name'], state='active', vcpus=vm['vcpus'], memory=int(vm['memoryMib']), disk=1,
            metadata={}, project_id=PROJECT, locked=False, watcher_exclude=False)
        model.add_instance(instance)
        model.map_instance(instance, model.get_node_by_uuid(vm['host']))
    return model


class Figures:
    """The data source: what a snapshot says."""

    def __init__(self, snapshot):
        self.hosts = {host['name']: host for host in snapshot['hosts']}
        self.vms = {vm['name']: vm for vm in snapshot['vms']}

    def statistic_aggregation(self, resource, _kind, metric, *_rest, **_more):
        if metric == 'host_cpu_usage':
            return self.hosts[resource.uuid]['cpuPercent']
        assert metric == 'instance_cpu_usage', metric
        return self.vms[resource.uuid]['cpuPercent']

    def get_instance_cpu_usage(self, resource, **_rest):
        return self.vms[resource.uuid]['hourCpuPercent']

    def get_instance_ram_usage(self, resource, **_rest):
        return self.vms[resource.uuid]['hourMemoryMib']

    def get_instance_ram_allocated(self, resource, **_rest):
        return self.vms[resource.uuid]['memoryMib']

    def get_instance_root_disk_size(self, **_rest):
        return 1


def executed(kind, snapshot):
    """Runs a strategy of Watcher with its default parameters; returns its solution's actions."""
    strategy = kind(config=mock.Mock(datasources=None), osc=mock.Mock())
    strategy._compute_model = model_of(snapshot)
    strategy._datasource_backend = Figures(snapshot)
    defaults = {name: each['default'] for name, each in kind.get_schema()['properties'].items()}
    strategy.input_parameters = utils.Struct(defaults)
    strategy.pre_execute()
    strategy.do_execute()
    return strategy.solution.actions


def moves(actions):
    return [(each['input_parameters']['resource_id'], each['input_parameters']['source_node'],
             each['input_parameters']['destination_node']) for each in actions if each['action_type'] == 'migrate']


def states(actions, state):
    return sorted({each['input_parameters']['resource_id'] for each in actions
                   if each['action_type'] == 'change_nova_service_state' and each['input_parameters']['state'] == state})


def listed(wanted):
    return [(move['vm'], move['from'], move['to']) for move in wanted]


def stabilization(snapshot):
    """Moves of Watcher and of the rule, in order. Watcher draws what was drawn for the rule."""
    drawn = iter(snapshot['stabilization']['drawn'])
    with mock.patch.object(random, 'sample', lambda nodes, _count: [nodes[next(drawn)]]):
        actions = executed(workload_stabilization.WorkloadStabilization, snapshot)
    return moves(actions), listed(snapshot['stabilization']['moves'])


def consolidation(snapshot):
    """Moves and states of hosts; Watcher orders what it has combined at random."""
    actions = executed(vm_workload_consolidation.VMWorkloadConsolidation, snapshot)
    wanted = snapshot['consolidation']
    return ((sorted(moves(actions)), states(actions, 'enabled'), states(actions, 'disabled')),
            (sorted(listed(wanted['moves'])), wanted['enabled'], wanted['disabled']))


def main(path, results=None):
    cfg.CONF([], project='watcher', default_config_files=[])
    with open(path) as file:
        snapshots = json.load(file)['snapshots']
    report = {}
    for name, compare in (('workload_stabilization', stabilization), ('vm_workload_consolidation', consolidation)):
        different = []
        count = 0
        for number, snapshot in enumerate(snapshots):
            watcher, rule = compare(snapshot)
            count += len(rule[0]) if name.startswith('vm') else len(rule)
            if watcher != rule:
                different.append({'snapshot': number, 'watcher': watcher, 'rule': rule})
        report[name] = {'snapshots': len(snapshots), 'agree': len(snapshots) - len(different), 'moves': count,
                        'different': different}
        print('%s: %d of %d snapshots agree, with %d moves' % (name, len(snapshots) - len(different), len(snapshots), count))
        for each in different[:MOST_SHOWN]:
            print('  snapshot %d: Watcher wants %s, the rule %s' % (each['snapshot'], each['watcher'], each['rule']))
    if results:
        with open(results, 'w') as file:
            json.dump(report, file, indent=1)
    return 1 if any(each['different'] for each in report.values()) else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
