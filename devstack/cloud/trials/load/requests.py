"""What is asked, and when: each route in turn, at a fixed rate."""
import collections
import random

Request = collections.namedtuple("Request", "due route path")
Request.__doc__ = "A request: seconds after the begin at which it is due, name of its route, and its path with the query."

_LISTS = ("audits", "audits/detail", "action_plans", "action_plans/detail", "actions", "actions/detail")
_ONE = ("audits/UUID", "action_plans/UUID", "actions/UUID")
_OF_PLAN = "actions of a plan"
ROUTES = _LISTS + _ONE + (_OF_PLAN,)
# the most rows of a page of both services, and what they answer with without a limit
MOST_ROWS = 1000
WHOLE_PAGE = "/v1/actions"


def path(route, objects, limit, drawn):
    """Returns the path for a route; drawn chooses the object. Lists with detail are pages from anywhere, the others are first pages."""
    if route == _OF_PLAN:
        return "/v1/actions?action_plan_uuid=" + drawn.choice(objects.plans)
    kind, _, what = route.partition("/")
    stored = getattr(objects, {"action_plans": "plans"}.get(kind, kind))
    if what == "UUID":
        return "/v1/%s/%s" % (kind, drawn.choice(stored))
    return "/v1/%s?limit=%d" % (route, limit) + ("&marker=" + drawn.choice(stored) if what else "")


def expected_rows(route, objects, limit):
    """Returns how many objects the first page for a route has, or the one after the first object."""
    if route.endswith("UUID"):
        return 1
    if route == _OF_PLAN:
        return objects.size_of_first_plan()
    stored = objects.actions if route.startswith("actions") else objects.plans
    return min(limit, len(stored) - (1 if route.endswith("detail") else 0))


def arrivals(rate, seconds, objects, limit, seed):
    """Returns the requests of some seconds. The routes follow each other, so that each has the same share; the seed draws the objects."""
    drawn = random.Random(seed)
    return [Request(number / rate, ROUTES[number % len(ROUTES)], path(ROUTES[number % len(ROUTES)], objects, limit, drawn))
            for number in range(round(rate * seconds))]


def order(services, rounds):
    """Returns (round, service) for all rounds; the service that comes first in one round comes last in the next one."""
    return [(number, service) for number in range(rounds) for service in (services if number % 2 == 0 else services[::-1])]
