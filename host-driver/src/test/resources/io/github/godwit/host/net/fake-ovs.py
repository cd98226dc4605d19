# The database and the flows of one Open vSwitch, in a JSON file: what ovs-vsctl and ovs-ofctl write and refuse. Called
# with the name of the program, the file, and the program's arguments. ovs-vsctl(8), ovs-vswitchd.conf.db(5).
import json
import re
import sys
import uuid

COLUMNS = {'port': {'name', 'qos', 'external_ids'}, 'bridge': {'name', 'datapath_type'},
           'qos': {'type', 'queues', 'other_config', 'external_ids'}, 'queue': {'other_config', 'external_ids'}}
MAPS = {'queues', 'other_config', 'external_ids'}


def fail(message):
    sys.stderr.write('ovs-vsctl: %s\n' % message)
    sys.exit(1)


class Database(object):
    def __init__(self, state):
        self.state = state
        self.names = {}

    def row(self, table, name):
        """A row by UUID, by the name of a port or bridge, or a QoS by the name of a port that uses it."""
        if table not in COLUMNS:
            fail('unknown table "%s"' % table)
        rows = self.state[table]
        if name in rows:
            return name
        for key, row in rows.items():
            if row.get('name') == name:
                return key
        if table == 'qos':
            for port in self.state['port'].values():
                if port['name'] == name and port['qos']:
                    return port['qos']
        fail('no row "%s" in table %s' % (name, table.capitalize()))

    def value(self, text):
        return self.names.get(text, text) if text.startswith('@') else text

    def set(self, table, key, assignments):
        for each in assignments:
            left, _, right = each.partition('=')
            column, _, item = left.partition(':')
            if column not in COLUMNS[table]:
                fail('%s does not contain a column whose name matches "%s"' % (table, column))
            if (column in MAPS) != bool(item) or not right:
                fail('%s: argument does not end in "=" followed by a value' % each)
            if item:
                self.state[table][key].setdefault(column, {})[item] = self.value(right)
            else:
                self.state[table][key][column] = self.value(right)

    def run(self, words):
        options = [word for word in words if word.startswith('--')]
        verb, *words = [word for word in words if not word.startswith('--')]
        if verb == 'create':
            key = str(uuid.uuid4())
            self.state[words[0]][key] = {}
            for option in options:
                self.names[option.partition('=')[2]] = key
            self.set(words[0], key, words[1:])
            return key
        if verb == 'set':
            self.set(words[0], self.row(*words[:2]), words[2:])
        elif verb == 'clear':
            self.state[words[0]][self.row(*words[:2])][words[2]] = {} if words[2] in MAPS else None
        elif verb == 'remove':
            self.state[words[0]][self.row(*words[:2])][words[2]].pop(words[3], None)
        elif verb == 'destroy':
            del self.state[words[0]][self.row(*words[:2])]
        elif verb == 'get':
            column, _, item = words[2].partition(':')
            found = self.state[words[0]][self.row(*words[:2])].get(column)
            if item and item not in (found or {}):
                fail('no key %s in %s record "%s" column %s' % (item, words[0], words[1], column))
            return found[item] if item else '[]' if found is None else found or '""'
        elif verb == 'find':
            wanted = [re.match(r'(\w+):([^=]+)=(.*)', each).groups() for each in words[1:]]
            return '\n'.join(key for key, row in self.state[words[0]].items()
                             if all(row.get(column, {}).get(item) == value for column, item, value in wanted))
        elif verb == 'port-to-br':
            if self.state['port'][self.row('port', words[0])]['name'] != words[0]:
                fail('no port named %s' % words[0])
            return 'br-ex'
        else:
            fail('unknown command \'%s\'' % verb)
        return None

    def check(self):
        """What the database server refuses at the end of a transaction."""
        for port in self.state['port'].values():
            if port['qos'] and port['qos'] not in self.state['qos']:
                fail('cannot delete QoS row because of 1 remaining reference(s)')
        for qos in self.state['qos'].values():
            if qos.get('type') != 'linux-htb':
                fail('constraint violation: a QoS needs a type')
            for queue in qos.get('queues', {}).values():
                if queue not in self.state['queue']:
                    fail('cannot delete Queue row because of 1 remaining reference(s)')
        for queue in self.state['queue'].values():
            rates = queue.get('other_config', {})
            if int(rates.get('min-rate', 1)) < 1 or int(rates.get('max-rate', 1 << 62)) < int(rates.get('min-rate', 1)):
                fail('constraint violation: rates %s' % rates)


def ofctl(state, words):
    verb, bridge, text = words[0], words[1], words[2]
    cookie = re.search(r'cookie=(0x[0-9a-f]+)(?:/(-1|0x[0-9a-f]+))?', text)
    value = int(cookie.group(1), 16)
    if verb == 'add-flow':
        if not re.search(r'priority=\d+,in_port=LOCAL,tcp6?,.*tp_dst=\d+/0x[0-9a-f]{4},actions=set_queue:\d+,normal$', text):
            fail('%s: syntax error' % text)
        state['flow'].append([value, text])
        return ''
    mask = -1 if cookie.group(2) == '-1' else int(cookie.group(2), 16)
    matching = [flow for flow in state['flow'] if flow[0] & mask == value & mask]
    if verb == 'del-flows':
        state['flow'] = [flow for flow in state['flow'] if flow not in matching]
        return ''
    return '\n'.join(' cookie=%#x, n_packets=3, n_bytes=4500, %s' % tuple(flow) for flow in matching)


program, path, *arguments = sys.argv[1:]
if arguments[0] != '--timeout=5':
    fail('called without a timeout: %s' % arguments)
with open(path) as file:
    state = json.load(file)
if program == 'ovs-ofctl':
    print(ofctl(state, arguments[1:]))
else:
    database = Database(state)
    commands = [[]]
    for word in arguments[1:]:
        if word == '--':
            commands.append([])
        else:
            commands[-1].append(word)
    # Names such as @qos may be used before the command that creates their row.
    commands = [words for words in commands if words]
    for line in [database.run(words) for words in commands]:
        if line is not None:
            print(line)
    database.check()
with open(path, 'w') as file:
    json.dump(state, file)
