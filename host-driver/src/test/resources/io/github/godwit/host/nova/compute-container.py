# SPDX-License-Identifier: Apache-2.0
"""compute-container.py DIRECTORY USER FIRST: plays nova-compute in a container, and prints what the host driver answers it.

The container has a root of its own, in which the host's DIRECTORY is mounted at /run/godwit. It runs as user id USER. With FIRST
other than 0 it has a user namespace too, whose user ids begin at FIRST on the host. Needs root.
"""
import ctypes
import os
import socket
import sys
import tempfile

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
QUESTION = b'{"message":"ASK","vm":"v","destination":"c2"}\n'

libc = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    if function(*arguments) != 0:
        raise OSError(ctypes.get_errno(), '%s%r failed' % (function.__name__, arguments))


def mount(source, target, kind, flags):
    call(libc.mount, source.encode(), target.encode(), kind, flags, None)


def contain(directory, user):
    """Enters a root that has nothing but the socket's directory."""
    call(libc.unshare, CLONE_NEWNS)
    mount('none', '/', None, MS_REC | MS_PRIVATE)
    root = tempfile.gettempdir()
    inside = os.open(directory, os.O_PATH)
    mount('tmpfs', root, b'tmpfs', 0)
    os.chmod(root, 0o755)
    os.makedirs(root + '/run/godwit')
    mount('/proc/self/fd/%d' % inside, root + '/run/godwit', None, MS_BIND)
    os.chroot(root)
    os.chdir('/')
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def ask():
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect('/run/godwit/host.sock')
        try:
            connection.sendall(QUESTION)
            return connection.makefile().read()
        except (BrokenPipeError, ConnectionResetError):
            return ''  # it was closed before all was said


def main():
    directory, user, first = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if first:
        entered, map_written = os.pipe(), os.pipe()
        child = os.fork()
        if child:
            os.read(entered[0], 1)
            for kind in ('uid_map', 'gid_map'):
                with open('/proc/%d/%s' % (child, kind), 'w') as file:
                    file.write('0 %d 65536' % first)
            os.write(map_written[1], b'.')
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        call(libc.unshare, CLONE_NEWUSER)
        os.write(entered[1], b'.')
        os.read(map_written[0], 1)
        os.setresgid(0, 0, 0)
        os.setresuid(0, 0, 0)
    contain(directory, user)
    sys.stdout.write(ask())
    sys.stdout.flush()


if __name__ == '__main__':
    main()
