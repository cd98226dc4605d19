"""In which order cells are measured, and which servers have to go before another one can run."""
import random

# Memory for all guests of both hosts, including the copy at the destination. QEMU needs some for itself.
BUDGET_MB = 12_000
_OVERHEAD_MB = 100


def cells(rounds, ways, servers, seed):
    """Returns (round, way, server) in the order of measurement.

    The seed draws the order of the ways in each round, and in each of these the order of the servers. A way's cells stay together, because
    another way needs a restart of nova-compute.
    """
    draw = random.Random("order %d" % seed)
    ordered = []
    for number in range(1, rounds + 1):
        for way in draw.sample(ways, len(ways)):
            ordered += [(number, way, server) for server in draw.sample(servers, len(servers))]
    return ordered


def to_end(resident, wanted):
    """Returns which servers have to be deleted before one can run and be migrated, the longest unused first.

    resident maps the names of servers to their memory in MB, the longest unused first; wanted is such a pair.
    """
    name, ram = wanted
    others = {each: memory + _OVERHEAD_MB for each, memory in resident.items() if each != name}
    ended = []
    while others and sum(others.values()) + 2 * (ram + _OVERHEAD_MB) > BUDGET_MB:
        ended.append(next(iter(others)))
        del others[ended[-1]]
    return ended
