"""The servers: twelve known ones, and eight that a seed draws."""
import math
import random
import typing

from trials import BEHAVIOURS, FLAVORS

PREFIX = "compare-"
DRAWN = "drawn-"
_FLAVORS_OF_DRAWN = ("small", "medium", "large", "pair", "pair", "big", "quad", "huge")
# The guest addresses 3 GiB at most.
_MOST_TOUCHED = 3000


class Server(typing.NamedTuple):
    """A server with its workload, in the parameters of the lab's guest."""

    name: str
    flavor: str
    parameters: str

    @property
    def ram(self):
        return FLAVORS[self.flavor][0]

    @property
    def title(self):
        return "%s, %d MB, %d vCPU" % (self.name, *FLAVORS[self.flavor])


def servers(seed):
    """Returns all servers, the drawn ones with the seed in their names."""
    return ([Server(name, flavor, parameters) for name, (flavor, parameters) in BEHAVIOURS.items()]
            + drawn(random.Random("servers %d" % seed), "%s%d-" % (DRAWN, seed)))


def drawn(draw, prefix):
    """Draws a server of each size: any part of the memory used, any part of that written, at any rate, in any way."""
    return [Server("%s%d" % (prefix, number), flavor, _workload(draw, FLAVORS[flavor][0]))
            for number, flavor in enumerate(_FLAVORS_OF_DRAWN, 1)]


def _workload(draw, ram):
    touched = min(_MOST_TOUCHED, round(ram * draw.uniform(0.3, 0.9)))
    working_set = max(4, round(touched * draw.uniform(0.1, 0.9)))
    return "touched=%d ws=%d dirty=%d pattern=%s entropy=%d change=%d cpu=%d" % (
        touched, working_set, _log_uniform(draw, 500, 300_000), draw.choice(("random", "seq", "hotspot")),
        draw.randint(100, 1000), _log_uniform(draw, 16, 4096), draw.randint(0, 600))


def _log_uniform(draw, least, most):
    return round(math.exp(draw.uniform(math.log(least), math.log(most))))
