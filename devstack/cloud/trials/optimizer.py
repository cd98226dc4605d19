"""Watcher's API, as a real Watcher and Godwit's service speak it."""
import openstack

from trials.cloud import until

GODWIT = "http://10.97.0.1:9323"
WATCHER = "http://10.97.0.1:9322"
_VERSION = {"OpenStack-API-Version": "infra-optim latest"}
_PLAN_SECONDS = 180


def request(method, url, body=None):
    """What a service answers to the administrator."""
    answer = openstack.connect().session.request(url, method, json=body, headers=_VERSION, raise_exc=False)
    if answer.status_code // 100 != 2:
        raise RuntimeError("%s %s: %d %s" % (method, url, answer.status_code, answer.text))
    return answer.json() if answer.text else None


class Optimizer:
    """Somebody who makes plans that empty a host, and carries them out."""

    def __init__(self, name, url, strategy):
        self.name, self._url, self._strategy = name, url, strategy

    def _call(self, method, path, body=None):
        return request(method, self._url + path, body)

    def plan(self, host, **parameters):
        """A plan that empties a host."""
        audit = self._call("POST", "/v1/audits", {
            "goal": "cluster_maintaining", "strategy": self._strategy, "audit_type": "ONESHOT",
            "parameters": dict(parameters, maintenance_node=host)})["uuid"]
        ended = until(lambda: self._ended("/v1/audits/" + audit, ("PENDING", "ONGOING")), _PLAN_SECONDS)
        if ended["state"] != "SUCCEEDED":
            raise RuntimeError("%s: the audit is %s" % (self.name, ended))
        return self._call("GET", "/v1/action_plans?audit_uuid=" + audit)["action_plans"][0]["uuid"]

    def _ended(self, path, going):
        seen = self._call("GET", path)
        return None if seen["state"] in going else seen

    def start(self, plan):
        self._call("POST", "/v1/action_plans/%s/start" % plan, {})

    def cancel(self, plan):
        self._call("PATCH", "/v1/action_plans/" + plan, [{"op": "replace", "path": "/state", "value": "CANCELLING"}])

    def end(self, plan):
        """The state in which a plan ends."""
        going = ("RECOMMENDED", "PENDING", "ONGOING", "CANCELLING")
        return until(lambda: self._ended("/v1/action_plans/" + plan, going), _PLAN_SECONDS)["state"]

    def actions(self, plan):
        return self._call("GET", "/v1/actions/detail?action_plan_uuid=" + plan)["actions"]
