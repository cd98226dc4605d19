"""Reads from Godwit's service and from a real Watcher at a fixed rate, each with 100,000 actions, alternately in rounds.

Both are instances of their own on the same MariaDB, each with its own database, and both validate tokens with Keystone. A request is sent when
it is due, whether or not earlier ones have been answered, and its latency counts from then. The databases are removed afterwards, and at the
start of the next run if this one is killed.
"""
import argparse
import collections
import datetime
import json
import os
import statistics
import subprocess
import sys
import time

import openstack

from trials.cloud import STATE
from trials.load.databases import fill_godwit, fill_watcher
from trials.load.figures import remarks, summary, table
from trials.load.objects import Objects
from trials.load.requests import MOST_ROWS, ROUTES, WHOLE_PAGE, arrivals, expected_rows, order, path
from trials.load.sender import Client, send
from trials.runs import end_in_order, locked

OPENSTACK = os.environ["GODWIT_OPENSTACK"]
URLS = {"godwit": "http://10.97.0.1:9325", "watcher": "http://10.97.0.1:9326"}
SERVICES_SECONDS = 300
# before the first round, so that code is compiled and caches are filled
WARM_UP_SECONDS = 10
# one after another: a page of 1,000 rows takes Watcher seconds
WHOLE_PAGES = 5
WHOLE_PAGE_SECONDS = 120
# A service that was overloaded works on requests that were given up. The next round begins when it is as fast again as it was at first.
IDLE_READS, IDLE_FACTOR, IDLE_MARGIN_SECONDS, IDLE_SECONDS = 5, 3, 0.05, 120


def services(what):
    """Starts the services that are measured with new databases, or stops them and removes the databases."""
    if subprocess.run([OPENSTACK, "load-services", what], timeout=SERVICES_SECONDS, stdout=sys.stderr).returncode != 0:
        raise RuntimeError("devstack/openstack load-services %s failed; the reason is above." % what)


def step(what, function, *arguments):
    begun = time.monotonic()
    seen = function(*arguments)
    print("%-44s %6.1f s" % (what, time.monotonic() - begun), file=sys.stderr, flush=True)
    return seen


def seconds_of(client, path_, limit):
    """Returns how long one request takes, alone."""
    begun = time.monotonic()
    status, body = client.read(path_, limit)
    if status != 200:
        raise RuntimeError("%s: %d %s" % (path_, status, body[:500].decode(errors="replace")))
    return time.monotonic() - begun


class Service:
    """One of the services, and what was measured of it."""

    def __init__(self, name, token):
        self.name = name
        self.client = Client(URLS[name], token)
        self.rounds = []
        self.whole_pages = []
        self._first = None

    def begin(self, objects, limit):
        """Checks that each route answers with what is stored."""
        for route in ROUTES:
            asked = path(route, objects, limit, _First())
            status, body = self.client.read(asked, WHOLE_PAGE_SECONDS)
            if status != 200:
                raise RuntimeError("%s: %s: %d %s" % (self.name, asked, status, body[:500].decode(errors="replace")))
            seen, wanted = rows(json.loads(body)), expected_rows(route, objects, limit)
            if seen != wanted:
                raise RuntimeError("%s: %s answers with %d objects, not %d" % (self.name, asked, seen, wanted))
        self._first = statistics.median(self._alone(objects) for _ in range(IDLE_READS))

    def _alone(self, objects):
        return seconds_of(self.client, "/v1/actions/" + objects.actions[0], WHOLE_PAGE_SECONDS)

    def await_idle(self, objects):
        """Waits until the service works on nothing any more."""
        deadline, fast = time.monotonic() + IDLE_SECONDS, 0
        while fast < IDLE_READS:
            fast = fast + 1 if self._alone(objects) < IDLE_FACTOR * self._first + IDLE_MARGIN_SECONDS else 0
            if time.monotonic() > deadline:
                print("%s is not idle after %d s." % (self.name, IDLE_SECONDS), file=sys.stderr, flush=True)
                return

    def load(self, requests):
        return send(self.client.read, requests)

    def read_whole_pages(self):
        self.whole_pages = [1000 * seconds_of(self.client, WHOLE_PAGE, WHOLE_PAGE_SECONDS) for _ in range(WHOLE_PAGES)]


class _First:
    """Chooses the first of all objects."""

    def choice(self, objects):
        return objects[0]


def rows(body):
    """Returns how many objects an answer has: those of its list, else itself."""
    lists = [each for name, each in body.items() if name in ("audits", "action_plans", "actions")]
    return len(lists[0]) if lists else 1


def measured(arguments, objects):
    """Returns the figures by service."""
    token = openstack.connect().session.get_token()
    every = collections.OrderedDict((name, Service(name, token)) for name in URLS)
    for service in every.values():
        service.begin(objects, arguments.limit)
    for service in every.values():
        step("%s: warm-up" % service.name, service.load,
             arrivals(arguments.rate, WARM_UP_SECONDS, objects, arguments.limit, seed=0))
        service.await_idle(objects)
    for number, name in order(list(URLS), arguments.rounds):
        service = every[name]
        requests = arrivals(arguments.rate, arguments.seconds / arguments.rounds, objects, arguments.limit, seed=number + 1)
        service.rounds.append(step("%s: round %d of %d" % (name, number + 1, arguments.rounds), service.load, requests))
        service.await_idle(objects)
    results = {}
    for name, service in every.items():
        step("%s: whole pages" % name, service.read_whole_pages)
        results[name] = summary(service.rounds, arguments.rate)
        results[name]["whole_page_ms"] = {
            "median": round(statistics.median(service.whole_pages), 1), "max": round(max(service.whole_pages), 1)}
        service.client.close()
    return results


def positive(kind):
    def parse(text):
        value = kind(text)
        if value <= 0:
            raise argparse.ArgumentTypeError("%s must be more than 0" % text)
        return value
    parse.__name__ = kind.__name__  # argparse names it in its errors
    return parse


def options():
    parser = argparse.ArgumentParser(prog="devstack/openstack load", description=__doc__)
    parser.add_argument("--actions", type=positive(int), default=100000, help="actions that each service stores (100000)")
    parser.add_argument("--rate", type=positive(float), default=200, help="requests a second (200)")
    parser.add_argument("--seconds", type=positive(float), default=30, help="how long each service is measured, over all rounds (30)")
    parser.add_argument("--rounds", type=positive(int), default=3, help="rounds, in which the services take turns (3)")
    parser.add_argument("--limit", type=positive(int), default=20, help="rows of a page of a list (20)")
    parser.add_argument("--json", metavar="FILE", help="also write the results to this file")
    return parser


def main():
    parser = options()
    arguments = parser.parse_args()
    if arguments.limit > MOST_ROWS:
        parser.error("--limit is %d; a page of either service has at most %d rows" % (arguments.limit, MOST_ROWS))
    end_in_order()
    objects = Objects(arguments.actions, datetime.datetime.now(datetime.timezone.utc))
    with locked(os.path.join(STATE, "load.lock"), "Another load runs already. Wait for its end."):
        try:
            step("Services with empty databases", services, "start")
            step("Godwit: %d actions" % arguments.actions, fill_godwit, objects)
            step("Watcher: %d actions" % arguments.actions, fill_watcher, objects)
            results = measured(arguments, objects)
        except (RuntimeError, OSError) as e:
            sys.exit(str(e))
        finally:
            services("stop")
    print("\n".join(table(results)))
    print("A list of 1,000 actions, the default of both, alone: " + "; ".join(
        "%s %.0f ms (at most %.0f)" % (name, seen["whole_page_ms"]["median"], seen["whole_page_ms"]["max"])
        for name, seen in results.items()))
    for remark in remarks(results, arguments.rate):
        print(remark)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"rate": arguments.rate, "actions": arguments.actions, "seconds": arguments.seconds, "limit": arguments.limit,
                       **results}, file, indent=2)
    if not results["godwit"]["held"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
