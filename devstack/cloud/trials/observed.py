"""What a migration that Godwit only observes may differ in from one of Nova alone: nothing but the steps of the downtime limit."""
import re

# before Nova has set the first step
QEMU_DOWNTIME_LIMIT = 300
_STEPS = "downtime-limit"
_APPEND = re.compile(r"""<log\b[^>]*\bappend=['"](on|off)['"]""")


def steps(downtime, number):
    """Returns the downtime limits in ms that Nova sets one after another (nova/virt/libvirt/migration.py, downtime_steps)."""
    base = downtime / number
    offset = (downtime - base) / number
    return {int(base + offset * step) for step in range(number + 1)}


def log_append(xml):
    """Returns the values of append of a domain's console logs; Nova without Godwit truncates them."""
    return sorted(set(_APPEND.findall(xml)))


def differences(usual, seen, limits):
    """Returns what differs between two migrations of the same server, in words.

    usual and seen have flags, parameters, downtime_limits, log_append and tc_during; limits are the downtime limits that Nova sets.
    """
    wrong = ["%s is on" % each for each in seen["flags"] if each not in usual["flags"]]
    wrong += ["%s is off" % each for each in usual["flags"] if each not in seen["flags"]]
    names = sorted((set(usual["parameters"]) | set(seen["parameters"])) - {_STEPS})
    wrong += ["%s is %r instead of %r" % (name, seen["parameters"].get(name), usual["parameters"].get(name))
              for name in names if seen["parameters"].get(name) != usual["parameters"].get(name)]
    wrong += ["downtime-limit was %d" % each for each in seen["downtime_limits"] if each not in limits | {QEMU_DOWNTIME_LIMIT}]
    if seen["log_append"] != usual["log_append"]:
        wrong.append("append of the console log is %s instead of %s" % (seen["log_append"], usual["log_append"]))
    wrong += ["tc on %s: %s" % (host, line) for host, lines in seen["tc_during"].items() for line in lines]
    return wrong if seen["parameters"] and usual["parameters"] else wrong + ["not sampled"]
