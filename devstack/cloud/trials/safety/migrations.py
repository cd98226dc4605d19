"""Live migrations through Nova, whose technique is compared with what the operator permits."""
from trials.cloud import Sampler
from trials.leftovers import left_over

PREFIX = "safety-"
NOVA = "Nova's own flags"
POSTCOPY = ("postcopy-ram", "postcopy-preempt")
MIB = 1 << 20


class Expected:
    """What QEMU must report while it migrates, as it follows from the configuration."""

    def __init__(self, technique=None, on=(), off=(), parameters=None, never=()):
        """technique is one technique or None for any; never contains states of QEMU's query-migrate that must not occur."""
        self.technique, self.on, self.off, self.never = technique, tuple(on), tuple(off), tuple(never)
        self.parameters = dict(parameters or {})

    def differences(self, technique, sampler):
        """Returns what differs from it, in words."""
        wrong = [] if self.technique in (None, technique) else ["not by %s" % self.technique]
        wrong += ["%s is off" % each for each in self.on if each not in sampler.capabilities]
        wrong += ["%s is on" % each for each in self.off if each in sampler.capabilities]
        wrong += ["%s is %s" % (name, sampler.parameters.get(name)) for name, value in self.parameters.items()
                  if sampler.parameters.get(name) != value]
        wrong += ["was %s" % each for each in self.never if each in sampler.states]
        return wrong if sampler.parameters else wrong + ["not sampled"]

    def __str__(self):
        parts = ([self.technique] if self.technique else []) + ["with " + each for each in self.on] + ["no " + each for each in self.off]
        parts += ["%s=%s" % each for each in self.parameters.items()] + ["never " + each for each in self.never]
        return ", ".join(parts)


def used(technique, sampler, expected):
    """Returns the technique with those of QEMU's capabilities and parameters that matter, in words."""
    matter = [each for each in sampler.capabilities
              if each in expected.on + expected.off + POSTCOPY + ("auto-converge", "multifd", "xbzrle", "dirty-limit")]
    return ", ".join([technique] + sorted(matter) + ["%s=%s" % (name, sampler.parameters.get(name)) for name in expected.parameters])


def row(configured, expected, what_was_used, outcome, ok):
    return {"configured": configured, "expected": str(expected), "used": what_was_used, "outcome": outcome, "ok": bool(ok)}


def name_of(behaviour, flavor=None):
    return PREFIX + behaviour + ("-" + flavor if flavor else "")


def server(cloud, behaviour, flavor=None, beside=None, **metadata):
    """Returns the id of a running server with this metadata, which its host driver has profiled.

    Servers of other trials are deleted, so that they do not load the hosts; beside is the behaviour of another server of this trial.
    """
    name = name_of(behaviour, flavor)
    cloud.end_servers((PREFIX,), but=(name, name_of(beside) if beside else name))
    uuid = cloud.server(name, behaviour, "compute1", flavor)
    cloud.set_metadata(uuid, **{"godwit:" + key: value for key, value in metadata.items()})
    cloud.hosts[cloud.host_of(uuid)].profile(uuid)
    return uuid


def migrated(cloud, configured, expected, behaviour="busy", flavor=None, **metadata):
    """Live-migrates a server as an administrator does and compares what QEMU used with what is expected."""
    uuid = server(cloud, behaviour, flavor, **metadata)
    source = cloud.hosts[cloud.host_of(uuid)]
    earlier = {each["id"] for each in source.migrations()}
    sampler = Sampler(source, cloud.hosts[cloud.other(source.name)], uuid)
    try:
        seen = cloud.migrate(uuid)
    finally:
        sampler.close()
    technique = by_technique(source, uuid, earlier)
    wrong = expected.differences(technique, sampler)
    left = left_over(cloud)
    outcome = "%s in %.1f s, bad=%s" % ("arrived" if seen["arrived"] else "did not arrive", seen["nova_seconds"], seen["guest_bad"])
    return row(configured, expected, used(technique, sampler, expected), "; ".join([outcome] + wrong + left),
               seen["arrived"] and seen["guest_bad"] == 0 and not wrong and not left)


def by_technique(source, uuid, earlier):
    """Returns the technique of the migration of a VM that its host driver has recorded since, or Nova's own flags."""
    known = [each for each in source.migrations() if each["vm"] == uuid and each["id"] not in earlier]
    return (known[-1]["technique"] if known else None) or NOVA
