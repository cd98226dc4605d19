# SPDX-License-Identifier: Apache-2.0
"""The Grafana dashboard: its expressions are PromQL, and its panels have places of their own. Needs promtool."""
import json
import os
import subprocess
import tempfile
import unittest

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../docs/monitoring/godwit-dashboard.json')


class DashboardTest(unittest.TestCase):

    def setUp(self):
        with open(FILE, encoding='utf-8') as file:
            self.dashboard = json.load(file)

    def test_every_expression_is_promql(self):
        expressions = [target['expr'] for panel in self.dashboard['panels'] for target in panel.get('targets', ())]
        self.assertGreater(len(expressions), 20)
        rules = [{'record': 'panel:%d' % place, 'expr': expression.replace('$__rate_interval', '5m')}
                 for place, expression in enumerate(expressions)]
        with tempfile.NamedTemporaryFile('w', suffix='.yml') as file:
            json.dump({'groups': [{'name': 'dashboard', 'rules': rules}]}, file)  # JSON is YAML
            file.flush()
            checked = subprocess.run(['promtool', 'check', 'rules', file.name], capture_output=True, text=True, timeout=60)
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_panels_neither_overlap_nor_share_an_id(self):
        panels = self.dashboard['panels']
        self.assertEqual(len({panel['id'] for panel in panels}), len(panels))
        taken = {}
        for panel in panels:
            place = panel['gridPos']
            self.assertLessEqual(place['x'] + place['w'], 24, panel['title'])
            for x in range(place['x'], place['x'] + place['w']):
                for y in range(place['y'], place['y'] + place['h']):
                    self.assertNotIn((x, y), taken, panel['title'])
                    taken[x, y] = panel['title']

    def test_only_the_variables_of_the_dashboard_are_used(self):
        names = {each['name'] for each in self.dashboard['templating']['list']}
        self.assertEqual(names, {'datasource', 'host'})
        for panel in self.dashboard['panels']:
            if panel['type'] != 'row':
                self.assertEqual(panel['datasource']['uid'], '${datasource}', panel['title'])


if __name__ == '__main__':
    unittest.main()
