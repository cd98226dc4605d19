# SPDX-License-Identifier: Apache-2.0
"""The scripts that devstack/openstack sources: each function has its own name, since a later one would replace an earlier one."""
import collections
import pathlib
import re
import unittest

DEVSTACK = pathlib.Path(__file__).resolve().parent.parent


class FunctionsTest(unittest.TestCase):

    def test_no_function_replaces_another(self):
        sourced = re.findall(r'^ *\. "\$root/devstack/([^"]+)"', (DEVSTACK / 'openstack').read_text(), re.MULTILINE)
        self.assertIn('cloud/hosts.sh', sourced)
        homes = collections.defaultdict(list)
        for script in ['openstack', 'functions.sh'] + sourced:
            for name in re.findall(r'^([a-z_]+)\(\)', (DEVSTACK / script).read_text(), re.MULTILINE):
                homes[name].append(script)
        self.assertEqual({}, {name: scripts for name, scripts in homes.items() if len(scripts) > 1})


if __name__ == '__main__':
    unittest.main()
