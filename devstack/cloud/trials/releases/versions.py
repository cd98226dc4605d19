"""Versions of Debian's packages."""
import re


def upstream(version):
    """Returns the upstream part of a package's version: 10.0.2 of 1:10.0.2+ds-2~bpo12+1."""
    return re.split(r"[-+~]", version.split(":", 1)[-1])[0]


def parsed(printed):
    """Returns upstream versions by name, from lines of a name and a package's version."""
    return {name: upstream(version) for name, version in (line.split() for line in printed.splitlines() if line.strip())}
