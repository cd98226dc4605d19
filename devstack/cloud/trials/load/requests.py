"""What is asked, and when: each route in turn, at a fixed rate."""
import collections
import random

Request = collections.namedtuple("Request", "due route path")
Request.__doc__ = "A request: seconds after the begin at which it is due, name of its route, and its path with the query."

_LISTS = ("audits", "audits/detail", "action_plans", "action_plans/detail", "actions", "actions/detail")
_ONE = ("audits/UUID", "action_plans/UUID", "actions/UUID")
_OF_PLAN = "actions of a plan"
ROUTES = _LISTS + _ONE + (_OF_PLAN,)
# without a limit, both services answer with 1,000 rows
WHOLE_PAGE = "/v1/actions"


def path(route, objects, limit, drawn):
    """Returns the path for a route; drawn chooses the object."""
    if route in _LISTS:
        return "/v1/%s?limit=%d" % (route, limit)
    if route == _OF_PLAN:
        return "/v1/actions?action_plan_uuid=" + drawn.choice(objects.plans)
    kind = route.partition("/")[0]
    return "/v1/%s/%s" % (kind, drawn.choice(getattr(objects, {"action_plans": "plans"}.get(kind, kind))))


def arrivals(rate, seconds, objects, limit, seed):
    """Returns the requests of some seconds. The routes follow each other, so that each has the same share; the seed draws the objects."""
    drawn = random.Random(seed)
    return [Request(number / rate, ROUTES[number % len(ROUTES)], path(ROUTES[number % len(ROUTES)], objects, limit, drawn))
            for number in range(round(rate * seconds))]


def order(services, rounds):
    """Returns (round, service) for all rounds; the service that comes first in one round comes last in the next one."""
    return [(number, service) for number in range(rounds) for service in (services if number % 2 == 0 else services[::-1])]
