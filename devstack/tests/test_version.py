# SPDX-License-Identifier: Apache-2.0
"""The version is the same wherever it is written, and has a section in the changelog."""
import os
import re
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..')


def found(path, pattern):
    with open(os.path.join(ROOT, path), encoding='utf-8') as file:
        match = re.search(pattern, file.read(), re.MULTILINE)
    return match and match.group(1)


class VersionTest(unittest.TestCase):

    def test_all_files_have_the_version_of_maven(self):
        version = found('pom.xml', r'<artifactId>godwit-parent</artifactId>\s*<version>([^<-]+)(?:-SNAPSHOT)?</version>')
        self.assertRegex(version, r'^\d+\.\d+\.\d+$')
        self.assertEqual(found('CITATION.cff', r'^version: (.*)$'), version)
        self.assertEqual(found('nova-hook/python/setup.cfg', r'^version = (.*)$'), version)
        self.assertEqual(found('watcher-strategy/python/setup.cfg', r'^version = (.*)$'), version)
        for program in ('watcher-strategy/src/main/java/io/github/godwit/strategy/cli/GodwitStrategy.java',
                        'training/src/main/java/io/github/godwit/training/cli/Commands.java',
                        'devstack/lab/src/main/java/io/github/godwit/lab/cli/LabProgram.java'):
            self.assertEqual(found(program, r'version = "\S+ (.*)"'), version, program)

    def test_the_first_section_of_the_changelog_is_of_this_version(self):
        version = found('CITATION.cff', r'^version: (.*)$')
        self.assertRegex(found('CHANGELOG.md', r'^## (.*)$'), r'^%s \((not released|\d{4}-\d\d-\d\d)\)$' % re.escape(version))


if __name__ == '__main__':
    unittest.main()
