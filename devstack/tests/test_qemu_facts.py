# SPDX-License-Identifier: Apache-2.0
"""Tests devstack/qemu-facts on a small schema with made-up names, as QEMU's are."""
import importlib.machinery
import importlib.util
import json
import pathlib
import tempfile
import unittest
import unittest.mock

SCRIPT = str(pathlib.Path(__file__).resolve().parent.parent / 'qemu-facts')
LOADER = importlib.machinery.SourceFileLoader('qemu_facts_script', SCRIPT)
SPEC = importlib.util.spec_from_loader(LOADER.name, LOADER)
script = importlib.util.module_from_spec(SPEC)
LOADER.exec_module(script)


def struct(name, **members):
    return {'name': name, 'meta-type': 'object', 'members': [{'name': each.replace('_', '-'), 'type': kind}
                                                              for each, kind in members.items()]}


def enum(name, *values):
    return {'name': name, 'meta-type': 'enum', 'members': [{'name': each} for each in values], 'values': list(values)}


def command(name, arguments, result):
    return {'name': name, 'meta-type': 'command', 'arg-type': arguments, 'ret-type': result}


SCHEMA = [
    command('migrate-set-capabilities', '1', '0'), struct('1', capabilities='[2]'),
    {'name': '[2]', 'meta-type': 'array', 'element-type': '2'}, struct('2', capability='3', state='bool'),
    enum('3', 'xbzrle', 'multifd'),
    command('migrate-set-parameters', '4', '0'), struct('4', max_bandwidth='int', multifd_compression='5'), enum('5', 'none', 'zlib'),
    command('query-migrate', '0', '6'), struct('6', status='7', downtime='int'), enum('7', 'none', 'active'),
    command('calc-dirty-rate', '8', '0'), struct('8', calc_time='int', mode='9'), enum('9', 'page-sampling'),
    struct('0'), {'name': 'int', 'meta-type': 'builtin', 'json-type': 'int'},
    {'name': 'bool', 'meta-type': 'builtin', 'json-type': 'boolean'},
]
FACTS = {
    'source': ['schema'],
    'capabilities': ['multifd', 'xbzrle'],
    'parameters': ['max-bandwidth', 'multifd-compression'],
    'multifd-compression': ['none', 'zlib'],
    'statuses': ['active', 'none'],
    'query-migrate': ['downtime', 'status'],
    'calc-dirty-rate': ['calc-time', 'mode'],
    'dirty-rate-modes': ['page-sampling'],
    'commands': ['calc-dirty-rate', 'migrate-set-capabilities', 'migrate-set-parameters', 'query-migrate'],
}


class TestFacts(unittest.TestCase):

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def replies(self, name):
        documents = [
            {'execute': 'qmp_capabilities', 'id': 'libvirt-1'}, {'return': {}, 'id': 'libvirt-1'},
            {'execute': 'query-version', 'id': 'libvirt-2'},
            {'return': {'qemu': {'major': 9, 'minor': 0, 'micro': 50}}, 'id': 'libvirt-2'},
            {'execute': 'query-rocker'}, {'error': {'class': 'CommandNotFound'}},
            {'execute': 'query-qmp-schema', 'id': 'libvirt-3'}, {'return': SCHEMA, 'id': 'libvirt-3'}]
        file = self.directory / name
        file.write_text('\n\n'.join(json.dumps(each, indent=2) for each in documents) + '\n', encoding='utf-8')
        return str(file)

    def test_recorded_replies_are_named_after_their_file(self):
        self.assertEqual(script.read(self.replies('caps_9.1.0_x86_64.replies')), ('9.1.0', FACTS))
        self.assertEqual(script.read(self.replies('other.replies')), ('9.0.50', FACTS))

    def test_a_program_is_asked(self):
        program = self.directory / 'qemu'
        lines = [{'QMP': {}}, {'return': {}}, {'event': 'X'}, {'return': {'qemu': {'major': 11, 'minor': 2, 'micro': 1}}},
                 {'return': SCHEMA}, {'return': {}}]
        program.write_text("#!/bin/sh\ncat > /dev/null\ncat <<'END'\n%s\nEND\n" % '\n'.join(map(json.dumps, lines)))
        program.chmod(0o755)
        self.assertEqual(script.read(str(program)), ('11.2.1', FACTS))

    def test_a_table_has_each_release_once(self):
        table = self.directory / 'table.json'
        table.write_text(script.written({'9.1.3': {'source': ['documents']}, '9.10.0': FACTS}))
        with unittest.mock.patch('sys.argv', ['qemu-facts', '--into', str(table), self.replies('caps_9.1.0_x86_64.replies')]):
            script.main()
        self.assertEqual(json.loads(table.read_text()), {'9.1.0': FACTS, '9.10.0': FACTS})

    def test_a_program_that_does_not_start_says_why(self):
        program = self.directory / 'qemu'
        program.write_text('#!/bin/sh\ncat > /dev/null\necho no such accelerator >&2\n')
        program.chmod(0o755)
        with self.assertRaisesRegex(SystemExit, 'did not answer: no such accelerator'):
            script.read(str(program))

    def test_releases_are_in_their_order_and_can_be_read_again(self):
        text = script.written({'10.0.0': FACTS, '9.2.0': FACTS})
        self.assertEqual(json.loads(text), {'9.2.0': FACTS, '10.0.0': FACTS})
        self.assertLess(text.index('9.2.0'), text.index('10.0.0'))


if __name__ == '__main__':
    unittest.main()
