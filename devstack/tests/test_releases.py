# SPDX-License-Identifier: Apache-2.0
"""Tests which release devstack/openstack uses, how Debian's archive is named in its root, and what `releases` keeps, without a cloud."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

DEVSTACK = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(DEVSTACK / 'cloud'))

from trials.releases.record import OK, Record  # noqa: E402
from trials.releases.versions import parsed, upstream  # noqa: E402

SOURCES = '''Types: deb
URIs: http://archive.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /keyring.gpg

Types: deb
URIs: http://archive.example/debian-security
Suites: bookworm-security
Components: main
'''
LIST = '''# by hand
deb [signed-by=/keyring.gpg] http://archive.example/debian bookworm main contrib
deb http://archive.example/debian-security bookworm-security main
'''


class Shell(unittest.TestCase):
    """Functions of the scripts, with the files of a temporary directory."""

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.directory = pathlib.Path(self._directory.name)

    def tearDown(self):
        self._directory.cleanup()

    def run_shell(self, commands, **environment):
        script = 'set -euo pipefail; . "%s/functions.sh"; . "%s/cloud/releases.sh"; %s' % (DEVSTACK, DEVSTACK, commands)
        return subprocess.run(['bash', '-c', script], capture_output=True, text=True, timeout=20,
                              env=dict({'PATH': os.environ['PATH']}, **environment))

    def shell(self, commands, **environment):
        ran = self.run_shell(commands, **environment)
        self.assertEqual(0, ran.returncode, ran.stderr)
        return ran.stdout.strip()


class TestChoice(Shell):

    def choose(self, *name, **environment):
        commands = 'choose_release %s; echo "$release $suite $(state_of "$release") [$release_root]"' % ' '.join(name)
        return self.shell(commands, GODWIT_ROOTS='/roots', **environment)

    def test_a_release_has_a_suite_a_directory_and_a_root_but_zed_is_this_machines(self):
        self.assertEqual('zed bookworm /var/lib/godwit/openstack []', self.choose('zed'))
        self.assertEqual('epoxy trixie /var/lib/godwit/openstack-epoxy [/roots/trixie]', self.choose('epoxy'))
        self.assertEqual('gazpacho forky /var/lib/godwit/openstack-gazpacho [/roots/forky]', self.choose('gazpacho'))
        self.assertEqual('newest sid /var/lib/godwit/openstack-newest [/roots/sid]', self.choose('newest'))
        self.assertEqual('epoxy-backports trixie /var/lib/godwit/openstack-epoxy-backports [/roots/trixie-backports]',
                         self.choose('epoxy-backports'))

    def test_an_unknown_name_is_refused_with_the_known_ones(self):
        ran = self.run_shell('choose_release yoga')
        self.assertEqual(1, ran.returncode)
        self.assertIn("there is no release 'yoga'; choose one of zed epoxy", ran.stderr)

    def started(self, *names):
        """Replaces the directories of the releases, of which these were started."""
        for name in names:
            (self.directory / name / 'run').mkdir(parents=True)
        return 'state_of() { echo "%s/$1"; }; ' % self.directory

    def test_without_a_name_it_is_the_release_that_was_started(self):
        self.assertEqual('zed', self.shell(self.started() + 'choose_release; echo $release'))
        self.assertEqual('newest', self.shell(self.started('newest') + 'choose_release; echo $release'))
        self.assertEqual('zed', self.shell(self.started() + 'choose_release zed; echo $release'))

    def test_only_one_release_can_be_up(self):
        self.assertEqual('', self.shell(self.started('newest') + 'choose_release newest; require_no_other_release'))
        ran = self.run_shell(self.started() + 'choose_release zed; require_no_other_release')
        self.assertEqual(1, ran.returncode)
        self.assertIn('devstack/openstack --release newest down', ran.stderr)

    def test_the_directory_of_one_cloud_knows_its_release(self):
        cloud = str(self.directory / 'cloud')
        self.assertEqual('zed bookworm %s []' % cloud, self.choose(GODWIT_CLOUD=cloud))
        os.makedirs(cloud)
        (self.directory / 'cloud' / 'release').write_text('epoxy\n')
        self.assertEqual('epoxy trixie %s [/roots/trixie]' % cloud, self.choose(GODWIT_CLOUD=cloud))


class TestRoot(Shell):
    """The root of a release; what makes it is replaced."""

    def making(self, script):
        """Returns commands that choose a release whose root is made by a script of this content."""
        path = self.directory / 'devstack' / 'cloud' / 'make_root'
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('#!/bin/sh\necho "$@" >>"%s/made"\n%s\n' % (self.directory, script))
        path.chmod(0o755)
        return 'root="%s"; roots="%s/roots"; choose_release epoxy-backports; ' % (self.directory, self.directory)

    def made(self):
        return (self.directory / 'made').read_text().splitlines()

    def test_it_is_made_once_with_its_suites_and_packages(self):
        commands = self.making('mkdir -p "$1"') + 'install_root keystone "neutron-api|neutron-server"'
        self.shell(commands)
        self.shell(commands)
        self.assertEqual(['%s/roots/trixie-backports trixie trixie-backports *qemu*,*libvirt* keystone neutron-api|neutron-server' %
                          self.directory], self.made())

    def test_one_that_cannot_be_made_is_an_error_that_names_the_log_and_is_tried_again(self):
        commands = self.making('echo no archive >&2; exit 3') + 'install_root keystone'
        for tries in (1, 2):
            ran = self.run_shell(commands)
            self.assertEqual(1, ran.returncode)
            self.assertIn('the root of epoxy-backports cannot be made; read %s/roots/trixie-backports.log' % self.directory, ran.stderr)
            self.assertEqual(tries, len(self.made()))
        self.assertEqual('no archive', (self.directory / 'roots' / 'trixie-backports.log').read_text().strip())

    def test_two_installations_make_it_once(self):
        commands = self.making('sleep 1; mkdir -p "$1"') + 'install_root keystone & install_root keystone; wait $!'
        self.shell(commands)
        self.assertEqual(1, len(self.made()))


class TestArchive(Shell):

    def written(self, file, content, suites):
        path = self.directory / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return self.shell('apt_etc=%s; add_apt_entry "%s" %s/entry; cat %s/entry.*; echo; archive_uri' % (
            self.directory, suites, self.directory, self.directory))

    def test_an_entry_is_the_systems_own_with_other_suites(self):
        written = self.written('sources.list.d/debian.sources', SOURCES, 'trixie trixie-backports')
        self.assertIn('Suites: trixie trixie-backports\nComponents: main\nSigned-By: /keyring.gpg', written)
        self.assertNotIn('security', written)
        self.assertEqual('http://archive.example/debian', written.splitlines()[-1])

    def test_so_is_one_in_the_older_format(self):
        written = self.written('sources.list', LIST, 'trixie trixie-backports').splitlines()
        self.assertEqual(['deb [signed-by=/keyring.gpg] http://archive.example/debian trixie main',
                          'deb [signed-by=/keyring.gpg] http://archive.example/debian trixie-backports main'], written[:2])
        self.assertEqual('http://archive.example/debian', written[-1])

    def test_a_system_without_an_entry_is_told_what_to_add(self):
        ran = self.run_shell('apt_etc=%s; add_apt_entry sid %s/entry' % (self.directory, self.directory))
        self.assertEqual(1, ran.returncode)
        self.assertIn("add Debian's sid by hand", ran.stderr)


class TestRecord(unittest.TestCase):

    TRIALS = ('demo', 'audits', 'faults')

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.file = os.path.join(self._directory.name, 'releases.json')

    def tearDown(self):
        self._directory.cleanup()

    def test_another_run_continues_after_the_last_result(self):
        record = Record(self.file)
        self.assertEqual(list(self.TRIALS), record.due('zed', self.TRIALS))
        record.result('zed', 'demo', OK, 61.26)
        record.result('zed', 'audits', 'failed: left over', 200)
        again = Record(self.file)
        self.assertEqual(['faults'], again.due('zed', self.TRIALS))
        self.assertEqual(list(self.TRIALS), again.due('epoxy', self.TRIALS))
        self.assertEqual(['audits on zed'], again.failed())

    def test_the_file_has_versions_and_results_by_release(self):
        record = Record(self.file)
        record.versions('newest', {'nova': '34.0.0', 'qemu': '11.1.3'})
        record.result('newest', 'demo', OK, 61.26)
        with open(self.file) as file:
            self.assertEqual({'releases': [{'name': 'newest', 'versions': {'nova': '34.0.0', 'qemu': '11.1.3'},
                                            'trials': {'demo': 'ok'}, 'seconds': {'demo': 61.3}}]}, json.load(file))
        self.assertEqual(['| release | Nova | Watcher | QEMU | libvirt | demo | audits |', '|---|---|---|---|---|---|---|',
                          '| newest | 34.0.0 | - | 11.1.3 | - | ok | - |'], record.table(('demo', 'audits')).splitlines())

    def test_versions_are_those_of_the_projects(self):
        self.assertEqual('10.0.2', upstream('1:10.0.2+ds-2+deb13u1~bpo12+1'))
        self.assertEqual('26.2.2', upstream('2:26.2.2-1~deb12u5'))
        self.assertEqual('17.0.0', upstream('17.0.0~rc1-2'))
        self.assertEqual({'nova': '31.0.0', 'libvirt': '11.3.0'}, parsed('nova 2:31.0.0-6+deb13u3\nlibvirt 11.3.0-3+deb13u3\n'))


class TestRuns(unittest.TestCase):
    """`devstack/openstack releases`, where devstack/openstack is replaced by a script that notes its arguments."""

    TRIALS = ['demo', 'audits', 'aborts', 'faults 5', 'safety --quick', 'conformance']

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.directory = pathlib.Path(self._directory.name)
        self.file = self.directory / 'releases.json'

    def tearDown(self):
        self._directory.cleanup()

    def run_releases(self, *arguments, script=''):
        """Runs it with a script for some of the commands, and returns its status, the commands, and the trials of each release."""
        stub = self.directory / 'openstack'
        stub.write_text('\n'.join(('#!/bin/bash', 'echo "$*" >>"%s/calls"' % self.directory,
                                   '[ "$3" != versions ] || printf "nova 2:34.0.0-4\\nqemu 1:11.1.3-1\\n"', script, '')))
        stub.chmod(0o755)
        (self.directory / 'calls').unlink(missing_ok=True)
        environment = {name: value for name, value in os.environ.items() if name != 'GODWIT_CLOUD'}
        self.ran = subprocess.run(
            [sys.executable, '-B', str(DEVSTACK / 'cloud' / 'releases.py'), '--json', str(self.file), *arguments], text=True,
            env=dict(environment, GODWIT_OPENSTACK=str(stub)), capture_output=True, timeout=60)
        calls = self.directory / 'calls'
        with open(self.file) if self.file.exists() else open(os.devnull) as file:
            text = file.read()
        results = {each['name']: each['trials'] for each in json.loads(text)['releases']} if text else {}
        return self.ran.returncode, calls.read_text().splitlines() if calls.exists() else [], results

    def around(self, name, trials):
        of_release = '--release %s ' % name
        return [of_release + 'install', of_release + 'versions', of_release + 'up'] + trials + [of_release + 'down']

    def test_each_release_comes_up_runs_all_trials_and_is_taken_down(self):
        status, calls, results = self.run_releases()
        self.assertEqual(0, status, self.ran.stderr)
        self.assertEqual([each for name in ('zed', 'epoxy', 'newest') for each in self.around(name, self.TRIALS)], calls)
        self.assertEqual({'demo', 'audits', 'aborts', 'faults', 'safety', 'conformance'}, set(results['newest']))
        self.assertEqual({'ok'}, set(results['zed'].values()))
        self.assertIn('| newest | 34.0.0 | - | 11.1.3 | - | ok |', self.ran.stdout)

    def test_a_failed_trial_is_kept_with_its_last_line_and_nothing_is_run_twice(self):
        failing = '[ "$1" != audits ] || { echo begun; echo "left over: tc"; exit 1; }'
        status, calls, results = self.run_releases('--only', 'epoxy', script=failing)
        self.assertEqual(1, status)
        self.assertEqual('failed: left over: tc', results['epoxy']['audits'])
        self.assertEqual('ok', results['epoxy']['conformance'])
        self.assertIn('audits on epoxy', self.ran.stderr)
        status, calls, again = self.run_releases('--only', 'epoxy')
        self.assertEqual((1, [], results), (status, calls, again))

    def test_a_release_that_does_not_come_up_is_taken_down_and_tried_again(self):
        failing = '[ "$3" != up ] || { echo "nova-compute did not register" >&2; exit 1; }'
        status, calls, results = self.run_releases('--only', 'newest', script=failing)
        self.assertEqual(1, status)
        self.assertEqual(self.around('newest', []), calls)
        self.assertIn('newest did not come up: nova-compute did not register', self.ran.stdout)
        self.assertEqual({}, results['newest'])
        self.assertEqual(0, self.run_releases('--only', 'newest')[0])

    def test_what_a_killed_run_has_seen_is_kept_and_the_next_one_continues(self):
        killing = '[ "$1" != faults ] || kill -9 $PPID'
        status, calls, results = self.run_releases('--only', 'newest', script=killing)
        self.assertEqual(-9, status)
        self.assertEqual({'demo': 'ok', 'audits': 'ok', 'aborts': 'ok'}, results['newest'])
        status, calls, results = self.run_releases('--only', 'newest')
        self.assertEqual(0, status, self.ran.stderr)
        self.assertEqual(self.around('newest', ['faults 5', 'safety --quick', 'conformance']), calls)

    def test_after_the_time_no_trial_begins(self):
        status, calls, results = self.run_releases('--minutes', '0.02', script='[ "$1" != demo ] || sleep 2')
        self.assertEqual(0, status, self.ran.stderr)
        self.assertEqual(self.around('zed', ['demo']), calls)
        self.assertEqual({'zed': {'demo': 'ok'}}, results)


if __name__ == '__main__':
    unittest.main()
