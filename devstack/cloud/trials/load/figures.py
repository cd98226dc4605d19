"""Percentiles of the latencies of answers, as tables and as a summary."""
import math

from trials.load.sender import LIMIT_SECONDS

# Below this share of the wanted rate, a service has not held it.
HELD = 0.95
_SHARES = (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99), ("max_ms", 1.0))


def percentile(ordered, share):
    """Returns the smallest value that at least this share of the ordered values does not exceed; None without values."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def latency(answer, limit=LIMIT_SECONDS):
    """Returns the milliseconds from the time when a request was due until its answer was read.

    A request that failed, for whatever reason, counts as one that took the limit: it would otherwise make a service look faster.
    """
    return 1000 * (answer.ended - answer.due if answer.status == 200 else max(limit, answer.ended - answer.due))


def figures(answers):
    """Returns how many requests were due, sent, answered and failed, and percentiles in milliseconds."""
    ordered = sorted(latency(each) for each in answers)
    seen = {"requests": len(answers), "sent": sum(each.sent is not None for each in answers),
            "answered": sum(each.status is not None for each in answers), "errors": sum(each.status != 200 for each in answers)}
    for name, share in _SHARES:
        value = percentile(ordered, share)
        seen[name] = None if value is None else round(value, 1)
    return seen


def reached(rounds, rate):
    """Returns the requests a second that were answered with 200, over the time from the first one that was due until the last answer.

    A service that is as fast as it is asked reaches the rate, whatever the last answer took.
    """
    answered = sum(each.status == 200 for answers in rounds for each in answers)
    seconds = sum(max([len(answers) / rate] + [each.ended for each in answers if each.status == 200]) for answers in rounds)
    return answered / seconds if seconds else 0.0


def summary(rounds, rate):
    """Returns the figures of one service.

    :param rounds: the answers of each round
    :param rate: requests a second that were due
    """
    answers = [each for round_ in rounds for each in round_]
    routes = list(dict.fromkeys(each.route for each in answers))
    per_second = reached(rounds, rate)
    late = sorted(1000 * (each.sent - each.due) for each in answers if each.sent is not None)
    seen = figures(answers)
    seen["reached_per_s"] = round(per_second, 1)
    seen["held"] = seen["errors"] == 0 and per_second >= HELD * rate
    # What is late here waited in the client: for a connection if the service is slow, else for the client itself.
    seen["sent_late_p99_ms"] = round(percentile(late, 0.99), 1) if late else None
    seen["by_route"] = {route: figures([each for each in answers if each.route == route]) for route in routes}
    return seen


def table(results):
    """Returns the lines of a table with a row for each service and route, and one for all routes of a service."""
    lines = ["| service | route | requests | sent | answered | errors | p50 ms | p95 ms | p99 ms | max ms |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    for service, seen in results.items():
        for route, row in list(seen["by_route"].items()) + [("all", seen)]:
            lines.append("| %s | %s | %d | %d | %d | %d | %s |" % (
                service, route, row["requests"], row["sent"], row["answered"], row["errors"],
                " | ".join("-" if row[name] is None else "%.1f" % row[name] for name, _ in _SHARES)))
    return lines


def remarks(results, rate):
    """Returns a sentence for each service that has not held the rate."""
    return ["%s did not hold %g requests a second: it answered %.1f a second, and %d of %d requests failed." % (
        service, rate, seen["reached_per_s"], seen["errors"], seen["requests"])
        for service, seen in results.items() if not seen["held"]]
