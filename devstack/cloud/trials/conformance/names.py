"""Which audits and templates are those of Watcher's API tests, by their names."""
import re

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TEMPLATE = re.compile(r"(my at (new )?name )?%s" % _UUID)
# The tests name some audits; the others are named after their template and the time.
_AUDIT = re.compile(r"audit_(oneshot|continuous|event)|%s-\d{4}-.*" % _UUID)
_GOALS_OF_TEMPLATES = ("dummy", "server_consolidation")


def is_template_of_tests(template):
    return template["goal_name"] in _GOALS_OF_TEMPLATES and bool(_TEMPLATE.fullmatch(template["name"]))


def is_audit_of_tests(audit):
    return audit["goal_name"] == "dummy" and bool(_AUDIT.fullmatch(audit["name"]))
