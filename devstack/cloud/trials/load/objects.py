"""The audits, action plans and actions that both services store, and the rows of each service's own tables.

Both have the same UUIDs, states and numbers of objects. What a row contains beside these is what each service itself would have written for
a plan of live migrations that has ended; Godwit's actions have its decision, about 5 kB each.
"""
import datetime
import json
import random
import uuid

ACTIONS_PER_PLAN = 20
GODWIT_STRATEGY, WATCHER_STRATEGY = "hotspot_mitigation", "workload_stabilization"
GOAL = "workload_balancing"
# Old enough that no audit takes the moves into account.
_AGE = datetime.timedelta(days=2)
_BETWEEN = datetime.timedelta(seconds=30)
_HOSTS = 100
_INDICATORS = (
    ("instance_migrations_count", "The number of VM migrations to be performed.", ACTIONS_PER_PLAN),
    ("instances_count", "The total number of audited instances in strategy.", 1000),
    ("standard_deviation_after_audit", "The value of resulted standard deviation.", 0),
    ("standard_deviation_before_audit", "The value of original standard deviation.", 1))
_EFFICACY = [{"name": "live_migrations_count", "description": "Ratio of migrated virtual machines to audited virtual machines",
              "unit": "%", "value": 2.0}]
_TECHNIQUES = ("PRE", "POST", "PRE-POST", "THR", "DCdlt", "DCZstd", "DCZlib", "DCdlt-DCZlib", "DCZlib-Async", "DCdlt-DCZlib-Async",
               "MULTIFD", "POST-PREEMPT", "DIRTY-LIMIT")
_METRICS = {"TT": 9139.0, "DT": 44.34, "TD": 1078.0, "PERF": 0.7443, "CPU": 35.16, "MEM": 0.235}
_REASON = ("breaks the SLOs of ensure_performance least: performance kept 0.74 (limit 0.75); total time 9139 ms against 9139 ms by "
           "pre-copy.")


class Objects:
    """UUIDs and times, drawn by a seed, oldest first. Each audit has one plan, and each plan but the last has 20 actions."""

    def __init__(self, actions, now, seed=1):
        drawn = random.Random(seed)
        number = -(-actions // ACTIONS_PER_PLAN)
        self.audits, self.plans, self.actions = (
            [str(uuid.UUID(int=drawn.getrandbits(128), version=4)) for _ in range(count)] for count in (number, number, actions))
        self._oldest = now.replace(microsecond=0) - _AGE - number * _BETWEEN

    def created(self, plan):
        """Returns when a plan and its audit were made."""
        return self._oldest + plan * _BETWEEN

    def plan_of(self, action):
        return action // ACTIONS_PER_PLAN

    def size_of_first_plan(self):
        return min(ACTIONS_PER_PLAN, len(self.actions))

    def parents(self, action):
        """Returns the UUIDs of the actions that precede one: the one before it in its plan."""
        return [self.actions[action - 1]] if action % ACTIONS_PER_PLAN else []


def migration(action):
    """Returns what an action migrates, as Watcher's action does."""
    return {"migration_type": "live", "resource_id": str(uuid.UUID(int=action, version=4)), "resource_name": "server-%06d" % action,
            "source_node": "compute%03d" % (action % _HOSTS), "destination_node": "compute%03d" % ((action + 1) % _HOSTS)}


def indicators():
    return [{"name": name, "description": description, "unit": None, "value": float(value)} for name, description, value in _INDICATORS]


class GodwitRows:
    """Rows of Godwit's tables. Times are milliseconds since 1970."""

    def __init__(self, objects):
        self._objects = objects
        self._decision = json.dumps(_decision())[1:]

    def _millis(self, plan, seconds=0):
        return int(self._objects.created(plan).timestamp() * 1000) + 1000 * seconds

    def audits(self):
        parameters = json.dumps({"samples": 5, "hot_samples": 3, "sample_interval": 60, "cpu_threshold": 0.75, "max_moves": 20,
                                 "policy": "ensure_performance", "on_failure": "go_on", "parallel": 32})
        for number, audit in enumerate(self._objects.audits):
            yield {"uuid": audit, "name": "load-%06d" % number, "audit_type": "ONESHOT", "state": "SUCCEEDED", "goal": GOAL,
                   "strategy": GODWIT_STRATEGY, "parameters": parameters, "scope": "[]", "auto_trigger": 1, "forced": 0,
                   "hostname": "load", "status_message": "Twenty moves end the hotspots.", "created_at": self._millis(number),
                   "updated_at": self._millis(number, 5)}

    def plans(self):
        figures, efficacy = json.dumps(indicators()), json.dumps(_EFFICACY)
        schedule = json.dumps({"method": "search", "objective": "EMPTY_TIME", "end": {"value": 101.4, "low": 76.6, "high": 130.6},
                               "deadline": None, "revisions": []})
        for number, plan in enumerate(self._objects.plans):
            yield {"uuid": plan, "audit_uuid": self._objects.audits[number], "strategy": GODWIT_STRATEGY, "state": "SUCCEEDED",
                   "efficacy_indicators": figures, "global_efficacy": efficacy, "on_failure": "GO_ON", "parallel": 32,
                   "hostname": "load", "schedule": schedule, "created_at": self._millis(number, 5),
                   "updated_at": self._millis(number, 20)}

    def actions(self):
        result = json.dumps({"phase": "COMPLETED", "technique": "PRE", "policy": "ensure_performance", "outcome": {
            "state": "COMPLETED", "predicted": _METRICS, "measured": _METRICS}})
        for number, action in enumerate(self._objects.actions):
            plan, wanted = self._objects.plan_of(number), migration(number)
            yield {"uuid": action, "plan_uuid": self._objects.plans[plan], "action_type": "migrate", "state": "SUCCEEDED",
                   "parents": json.dumps(self._objects.parents(number)),
                   "description": "Live-migrate %s from %s to %s by PRE: %s" % (
                       wanted["resource_name"], wanted["source_node"], wanted["destination_node"], _REASON),
                   "input_parameters": "%s, %s" % (json.dumps(wanted)[:-1], self._decision), "result": result,
                   "created_at": self._millis(plan, 5), "updated_at": self._millis(plan, 20), "started_at": self._millis(plan, 6),
                   "ended_at": self._millis(plan, 20)}


def _decision():
    """Returns what Godwit's action keeps of its decision, beside what Watcher's action has."""
    host = {"name": "compute001", "cores": 32.0, "cpuLoad": 0.9, "memory": {"bytes": 274877906944}, "memoryLoad": 0.4,
            "link": {"bitsPerSecond": 10000000000}, "traffic": {"in": {"bitsPerSecond": 0}, "out": {"bitsPerSecond": 0}},
            "busyThreads": 0.0}
    return {
        "technique": "PRE", "policy": "ensure_performance", "predicted": {
            metric: {"value": value, "low": round(0.75 * value, 2), "high": round(1.25 * value, 2)} for metric, value in _METRICS.items()},
        "end_probability": 1.0, "basis": "MODEL", "time_limit": 60.0, "reservation": 400000000, "reason": "PRE (pre-copy) " + _REASON,
        "alternatives": [{"technique": technique, "violations": 1, "violation": 0.028, "objective": 0.0, "predicted": _METRICS,
                          "reason": "%s %s" % (technique, _REASON)} for technique in _TECHNIQUES],
        "observed": {"source": host, "destination": host, "vm": {
            "memory": {"bytes": 2147483648}, "vcpus": 1, "nonZeroPages": 262144, "spatialLocality": 0.5, "vcpuUse": 1.6,
            "dirtyCurve": {"points": [[0.1 * step, 1000 * step] for step in range(1, 20)], "limitPages": 20000},
            "content": {"entropy": 1.0, "zlibRatio": 1.0, "zstdRatio": 1.0, "changedBytesPerPage": 4096.0}}},
        "decided_at": "2026-01-01T00:00:00Z", "policy_version": 0, "local_disk": None}


class WatcherRows:
    """Rows of Watcher's tables. Ids count from 1 in the order of the objects."""

    def __init__(self, objects, goal_id, strategy_id):
        self._objects, self._goal, self._strategy = objects, goal_id, strategy_id

    def _times(self, plan, begun, ended):
        created = self._objects.created(plan).replace(tzinfo=None)
        return {"created_at": created + datetime.timedelta(seconds=begun), "updated_at": created + datetime.timedelta(seconds=ended),
                "deleted": 0}

    def audits(self):
        parameters = json.dumps({"metrics": ["instance_cpu_usage"], "thresholds": {"instance_cpu_usage": 0.2}, "host_choice": "retry",
                                 "retry_count": 1, "periods": {"instance": 720, "compute_node": 600, "node": 0}, "granularity": 300})
        for number, audit in enumerate(self._objects.audits):
            yield {"id": number + 1, "uuid": audit, "name": "load-%06d" % number, "audit_type": "ONESHOT", "state": "SUCCEEDED",
                   "parameters": parameters, "goal_id": self._goal, "strategy_id": self._strategy, "scope": "[]", "auto_trigger": 1,
                   "hostname": "load", "force": 0, **self._times(number, 0, 5)}

    def plans(self):
        efficacy = json.dumps(_EFFICACY)
        for number, plan in enumerate(self._objects.plans):
            yield {"id": number + 1, "uuid": plan, "audit_id": number + 1, "strategy_id": self._strategy, "state": "SUCCEEDED",
                   "global_efficacy": efficacy, "hostname": "load", **self._times(number, 5, 20)}

    def indicators(self):
        drawn = random.Random(2)
        for number in range(len(self._objects.plans)):
            for each in indicators():
                yield {"uuid": str(uuid.UUID(int=drawn.getrandbits(128), version=4)), "name": each["name"],
                       "description": each["description"], "unit": each["unit"], "value": each["value"],
                       "action_plan_id": number + 1, **self._times(number, 5, 5)}

    def actions(self):
        for number, action in enumerate(self._objects.actions):
            plan = self._objects.plan_of(number)
            yield {"id": number + 1, "uuid": action, "action_plan_id": plan + 1, "action_type": "migrate", "state": "SUCCEEDED",
                   "input_parameters": json.dumps(migration(number)), "parents": json.dumps(self._objects.parents(number)),
                   **self._times(plan, 5, 20)}
