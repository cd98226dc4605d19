"""A client of Watcher's API, which Watcher and Godwit's service implement."""
import functools

import openstack

from trials.cloud import until

GODWIT = "https://10.97.0.1:9323"
WATCHER = "http://10.97.0.1:9322"
_VERSION = {"OpenStack-API-Version": "infra-optim latest"}
_PLAN_SECONDS = 180
_ANSWER_SECONDS = 60


@functools.lru_cache(maxsize=None)
def _session():
    return openstack.connect().session


def request(method, url, body=None):
    """Sends a request as the administrator and returns the JSON of the answer."""
    answer = _session().request(url, method, json=body, headers=_VERSION, raise_exc=False, timeout=_ANSWER_SECONDS)
    if answer.status_code // 100 != 2:
        raise RuntimeError("%s %s: %d %s" % (method, url, answer.status_code, answer.text))
    return answer.json() if answer.text else None


class Optimizer:
    """A service that creates action plans by its strategies and executes them."""

    def __init__(self, name, url, maintenance, hotspot):
        self.name, self._url, self._maintenance, self._hotspot = name, url, maintenance, hotspot

    def _call(self, method, path, body=None):
        return request(method, self._url + path, body)

    def empty(self, host, **parameters):
        """Returns a plan that empties a host."""
        return self._plan("cluster_maintaining", self._maintenance, dict(parameters, maintenance_node=host))

    def cool(self, cpu_threshold):
        """Returns a plan that relieves hosts whose load is above a threshold."""
        return self._plan("workload_balancing", self._hotspot, {
            "cpu_threshold": cpu_threshold, "samples": 1, "hot_samples": 1, "max_moves": 1,
            # each trial begins as if no other had moved anything
            "vm_rest": 0, "host_rest": 0, "undo_rest": 0, "retry_after": 0})

    def _plan(self, goal, strategy, parameters):
        audit = self._call("POST", "/v1/audits", {
            "goal": goal, "strategy": strategy, "audit_type": "ONESHOT", "parameters": parameters})["uuid"]
        ended = until(lambda: self._ended("/v1/audits/" + audit, ("PENDING", "ONGOING")), _PLAN_SECONDS)
        if ended["state"] != "SUCCEEDED":
            raise RuntimeError("%s: the audit failed: %s" % (self.name, ended))
        plan = self._call("GET", "/v1/action_plans?audit_uuid=" + audit)["action_plans"][0]["uuid"]
        if not self.actions(plan):
            raise RuntimeError("%s: the plan %s of %s has no actions" % (self.name, plan, strategy))
        return plan

    def _ended(self, path, going):
        seen = self._call("GET", path)
        return None if seen["state"] in going else seen

    def start(self, plan):
        self._call("POST", "/v1/action_plans/%s/start" % plan, {})

    def cancel(self, plan):
        self._call("PATCH", "/v1/action_plans/" + plan, [{"op": "replace", "path": "/state", "value": "CANCELLING"}])

    def end(self, plan, seconds=_PLAN_SECONDS):
        """Waits for the end of a plan and returns its state."""
        going = ("RECOMMENDED", "PENDING", "ONGOING", "CANCELLING")
        return until(lambda: self._ended("/v1/action_plans/" + plan, going), seconds)["state"]

    def end_all(self):
        """Cancels the plans that a killed trial has left running, and waits for their end."""
        for plan in self._call("GET", "/v1/action_plans?sort_key=id&sort_dir=desc")["action_plans"]:
            if plan["state"] in ("PENDING", "ONGOING"):
                self.cancel(plan["uuid"])
                self.end(plan["uuid"])

    def actions(self, plan):
        return self._call("GET", "/v1/actions/detail?action_plan_uuid=" + plan)["actions"]
