# SPDX-License-Identifier: Apache-2.0
"""packaging/stage.py: what the packages have beside the programs."""
import gzip
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import zipfile

STAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../packaging/stage.py')


def component(name, licences, group='org.example', **more):
    return dict({'group': group, 'name': name, 'version': '1.0', 'licenses': licences}, **more)


class StageTest(unittest.TestCase):

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        (self.directory / 'deb/control').mkdir(parents=True)
        (self.directory / 'deb/control/control').write_text('Package: ferry\nVersion: [[version]]-0godwit1\n')
        (self.directory / 'lib').mkdir()

    def jar(self, name, **members):
        with zipfile.ZipFile(self.directory / 'lib' / (name + '-1.0.jar'), 'w') as jar:
            for member, text in members.items():
                jar.writestr('META-INF/%s.txt' % member, text)

    def stage(self, *components):
        """Returns the status, the messages and the copyright file."""
        (self.directory / 'bom.json').write_text(json.dumps({'components': components}))
        done = subprocess.run(
            [STAGE, '--version', '0.1.0-SNAPSHOT', '--built', '2026-01-01T00:00:00Z', '--maintainer', 'A B <a@b.org>',
             '--control', 'deb/control/control', '--out', 'out', '--lib', 'lib', '--bom', 'bom.json'],
            cwd=self.directory, capture_output=True, text=True, timeout=60)
        file = self.directory / 'out/usr/share/doc/ferry/copyright'
        return done.returncode, done.stderr, file.read_text() if file.exists() else ''

    def test_the_copyright_has_every_library_with_its_licence_and_the_text(self):
        self.jar('slf4j-api', LICENSE='Permission is hereby granted.')
        self.jar('oar')
        self.jar('hull')
        self.jar('godwit-thing')
        status, messages, text = self.stage(
            component('slf4j-api', [{'license': {'name': 'The MIT License'}}], publisher='QOS.ch',
                      externalReferences=[{'type': 'website', 'url': 'https://slf4j.example'}]),
            component('oar', [{'license': {'id': 'Apache-2.0'}}, {'license': {'name': 'EPL 1.0'}}]),
            component('hull', [{'expression': 'LGPL-2.1-or-later'}]),
            component('godwit-thing', [], group='io.github.godwit'))
        self.assertEqual((status, messages), (0, ''))
        self.assertIn('slf4j-api-1.0.jar: MIT\n    Copyright QOS.ch, https://slf4j.example\n', text)
        self.assertIn('oar-1.0.jar: Apache-2.0, EPL-1.0\n', text)
        self.assertIn('/usr/share/common-licenses/LGPL-2.1', text)
        self.assertIn('MIT\n\nPermission is hereby granted.', text)
        self.assertNotIn('godwit-thing', text)

    def test_a_licence_that_nobody_has_looked_at_ends_the_build(self):
        self.jar('oar')
        for licences in ([{'license': {'name': 'Server Side Public License'}}], []):
            status, messages, _ = self.stage(component('oar', licences))
            self.assertEqual(status, 1)
            self.assertIn('no text of a licence for', messages)

    def test_a_library_that_the_sbom_lacks_ends_the_build(self):
        self.jar('oar')
        status, messages, _ = self.stage()
        self.assertEqual(status, 1)
        self.assertIn('oar-1.0.jar', messages)

    def test_changelogs_are_compressed_without_a_time(self):
        self.stage()
        documents = self.directory / 'out/usr/share/doc/ferry'
        packed = (documents / 'changelog.Debian.gz').read_bytes()
        self.assertEqual(packed[4:9], b'\0\0\0\0\2')  # no time, best compression
        self.assertEqual(gzip.decompress(packed).decode(), '''ferry (0.1.0~SNAPSHOT-0godwit1) unstable; urgency=medium

  * Godwit 0.1.0-SNAPSHOT; changelog.gz lists what is new.

 -- A B <a@b.org>  Thu, 01 Jan 2026 00:00:00 +0000
''')
        self.assertIn(b'# Changelog', gzip.decompress((documents / 'changelog.gz').read_bytes()))


if __name__ == '__main__':
    unittest.main()
