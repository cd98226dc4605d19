# SPDX-License-Identifier: Apache-2.0
"""Tests devstack/test-summary on reports in the form of Maven."""
import importlib.machinery
import importlib.util
import os
import pathlib
import tempfile
import unittest

SCRIPT = str(pathlib.Path(__file__).resolve().parent.parent / 'test-summary')
LOADER = importlib.machinery.SourceFileLoader('test_summary_script', SCRIPT)
SPEC = importlib.util.spec_from_loader(LOADER.name, LOADER)
script = importlib.util.module_from_spec(SPEC)
LOADER.exec_module(script)

NO_KVM = 'this machine has no /dev/kvm.'
RING = '<skipped message="Needs KVM (dirty ring): this machine has no /dev/kvm."/>'
LIMIT = '<skipped message="Needs KVM (dirty-limit): this machine has no /dev/kvm."/>'
BUSY = ('<skipped type="org.opentest4j.TestAbortedException">org.opentest4j.TestAbortedException: The host is busy.\n'
        '\tat io.github.godwit.x\n</skipped>')


class TestSummary(unittest.TestCase):

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        self.write('pom.xml', '<project xmlns="http://maven.apache.org/POM/4.0.0"><modules>'
                              '<module>model</module><module>devstack/lab</module></modules></project>')
        self.needs_kvm()
        # a hundred tests, so that a few skipped ones are below the limit
        self.report('model', 'a.Model', *[('each(int)[%d]' % number, '') for number in range(99)])
        self.report('devstack/lab', 'a.LabIT', ('moves', ''))

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def needs_kvm(self, *names):
        self.write('devstack/needs-kvm.txt', ''.join(name + '\n' for name in names))

    def report(self, module, name, *cases):
        kind = 'failsafe' if name.endswith('IT') else 'surefire'
        tests = ''.join('<testcase name="%s" classname="%s">%s</testcase>' % (case, name, inner)
                        for case, inner in cases)
        self.write('%s/target/%s-reports/TEST-%s.xml' % (module, kind, name),
                   '<testsuite name="%s">%s</testsuite>' % (name, tests))

    def host_driver(self, commands):
        self.write('host-driver/bin/godwit-host', '#!/bin/sh\n%s\n' % commands)
        os.chmod(str(self.root / 'host-driver/bin/godwit-host'), 0o755)

    def summary(self, accelerator, reason):
        return script.summarize(self.root, accelerator, reason)

    def test_under_kvm_all_tests_run(self):
        self.assertEqual(self.summary('kvm', '/dev/kvm works.'), (
            'Tests: 100 passed, 0 skipped. Guests ran under kvm: /dev/kvm works.', []))

    def test_under_tcg_those_that_are_listed_are_skipped(self):
        self.report('model', 'b.RingIT', ('ring', RING), ('limit(Technique)', LIMIT), ('slow', LIMIT))
        self.needs_kvm('b.RingIT#ring', 'b.RingIT#limit', 'b.RingIT#slow')
        self.assertEqual(self.summary('tcg', NO_KVM), (
            'Tests: 100 passed, 3 skipped: 3 need KVM (dirty ring 1, dirty-limit 2). '
            'Guests ran under tcg: this machine has no /dev/kvm.', []))

    def test_a_test_that_is_skipped_but_not_listed_is_wrong_and_the_other_way_round(self):
        self.report('model', 'b.RingIT', ('ring', RING))
        self.needs_kvm('a.LabIT#moves')
        line, found = self.summary('tcg', NO_KVM)
        self.assertIn('1 needs KVM (dirty ring 1)', line)
        self.assertEqual(found, ['b.RingIT#ring was skipped, but is not in devstack/needs-kvm.txt.',
                                 'a.LabIT#moves is in devstack/needs-kvm.txt, but was not skipped.'])

    def test_nothing_may_be_skipped_where_kvm_works(self):
        self.report('model', 'b.RingIT', ('ring', RING))
        self.needs_kvm('b.RingIT#ring')
        self.assertEqual(self.summary('kvm', '/dev/kvm works.')[1], [
            'b.RingIT#ring was skipped, although KVM works: Needs KVM (dirty ring): this machine has no /dev/kvm.'])

    def test_under_kvm_listed_tests_must_run(self):
        self.needs_kvm('a.LabIT#moves', 'a.LabIT#gone')
        self.assertEqual(self.summary('kvm', '/dev/kvm works.')[1], [
            'a.LabIT#gone is in devstack/needs-kvm.txt, but was not run.'])

    def test_no_other_reason_is_accepted(self):
        self.report('model', 'b.BusyIT', ('measures', BUSY), ('waits', '<skipped/>'))
        line, found = self.summary('tcg', NO_KVM)
        self.assertIn('Tests: 100 passed, 2 skipped: 2 for another reason. ', line)
        self.assertEqual(found, [
            'b.BusyIT#measures was skipped for another reason than missing KVM: '
            'org.opentest4j.TestAbortedException: The host is busy.',
            'b.BusyIT#waits was skipped for another reason than missing KVM: no reason'])

    def test_more_than_one_in_twenty_is_too_many(self):
        names = ['ring%d' % number for number in range(6)]
        self.report('model', 'b.RingIT', *[(name, RING) for name in names])
        self.needs_kvm(*['b.RingIT#' + name for name in names])
        self.assertEqual(self.summary('tcg', NO_KVM)[1], [
            '6 of 106 tests were skipped; at most 5 % may be.'])

    def test_failed_tests_are_named(self):
        self.report('model', 'b.Bad', ('breaks', '<error type="x">x</error>'), ('fails', '<failure>x</failure>'))
        line, found = self.summary('kvm', '/dev/kvm works.')
        self.assertIn('Tests: 100 passed, 2 failed, 0 skipped. ', line)
        self.assertEqual(found, ['b.Bad#breaks failed.', 'b.Bad#fails failed.'])

    def test_a_module_or_a_class_that_ran_nothing_is_named(self):
        os.remove(str(self.root / 'devstack/lab/target/failsafe-reports/TEST-a.LabIT.xml'))
        self.report('model', 'b.Nothing')
        self.report('model', 'b.Outer')
        self.report('model', 'b.Outer$Inner', ('works', ''))
        self.assertEqual(self.summary('kvm', '/dev/kvm works.')[1], [
            'The module devstack/lab has no reports, so its tests were not run.', 'b.Nothing ran no test.'])

    def test_the_host_driver_reports_the_accelerator(self):
        self.host_driver('echo "Picked up options" >&2; echo "no kvm." >&2; echo tcg')
        self.assertEqual(script.machine(self.root), ('tcg', 'no kvm.'))

    def test_an_error_of_the_host_driver_is_printed(self):
        self.host_driver('echo "GODWIT_ACCELERATOR: no." >&2; exit 1')
        with self.assertRaisesRegex(SystemExit, 'GODWIT_ACCELERATOR: no.'):
            script.machine(self.root)


if __name__ == '__main__':
    unittest.main()
