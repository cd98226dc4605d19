"""What Watcher's API tests create, recognised by its name, so that a run that was killed leaves nothing behind either."""
import sys

from trials.cloud import until
from trials.conformance.names import is_audit_of_tests, is_template_of_tests
from trials.optimizer import request

_NEWEST = "sort_key=id&sort_dir=desc"
_RUNNING = ("PENDING", "ONGOING", "CANCELLING")
_CANCEL = {"audits": {"PENDING": "CANCELLED", "ONGOING": "CANCELLED"},
           "action_plans": {"PENDING": "CANCELLED", "ONGOING": "CANCELLING"}}
_END_SECONDS = 60


class Created:
    """The audits, plans and templates of the tests in one service."""

    def __init__(self, url):
        self._url = url

    def _list(self, what, query=""):
        return request("GET", "%s/v1/%s?%s%s" % (self._url, what, _NEWEST, query))[what]

    def delete(self):
        """Deletes them all; audits and plans that still run are cancelled before."""
        for audit in filter(is_audit_of_tests, self._list("audits", "&goal=dummy")):
            self._end("audits", audit)
            for plan in self._list("action_plans", "&audit_uuid=" + audit["uuid"]):
                self._end("action_plans", plan)
                self._delete("action_plans", plan)
            self._delete("audits", audit)
        for template in filter(is_template_of_tests, self._list("audit_templates")):
            self._delete("audit_templates", template)

    def _end(self, what, each):
        until(lambda: self._ended(what, each), _END_SECONDS)

    def _ended(self, what, each):
        path = "%s/v1/%s/%s" % (self._url, what, each["uuid"])
        state = request("GET", path)["state"]
        if state in _CANCEL[what]:
            try:
                request("PATCH", path, [{"op": "replace", "path": "/state", "value": _CANCEL[what][state]}])
            except RuntimeError:
                return None  # it has ended meanwhile, as the next look shows
        return None if state in _RUNNING else state

    def _delete(self, what, each):
        request("DELETE", "%s/v1/%s/%s" % (self._url, what, each["uuid"]))

    def require_idle(self, name):
        """Ends this process if an action plan runs, because the tests would wait for its end and then fail."""
        running = [plan["uuid"] for plan in self._list("action_plans") if plan["state"] in _RUNNING]
        if running:
            sys.exit("The tests need %s without running action plans. Cancel these, or wait for their end: %s" % (
                name, ", ".join(running)))
