"""The kernel's notifications about changes of files; Python has none of its own."""
import ctypes
import os

# from <sys/inotify.h>
MODIFY, CREATED, MOVED_TO, DELETED = 0x002, 0x100, 0x080, 0x200
_NONBLOCK_CLOEXEC = os.O_NONBLOCK | os.O_CLOEXEC
_libc = ctypes.CDLL(None, use_errno=True)


class Inotify:
    """Watches paths. Wait for its descriptor to become readable, and take the notifications before looking at the files."""

    def __init__(self):
        self._descriptor = _checked(_libc.inotify_init1(_NONBLOCK_CLOEXEC), "inotify_init1")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        os.close(self._descriptor)

    def fileno(self):
        return self._descriptor

    def watch(self, path, events):
        """Watches a file or the files of a directory; raises OSError if it does not exist."""
        _checked(_libc.inotify_add_watch(self._descriptor, os.fsencode(path), ctypes.c_uint32(events)), path)

    def take(self):
        """Takes all notifications; what has changed is to be read from the files."""
        try:
            os.read(self._descriptor, 1 << 16)
        except BlockingIOError:
            pass


def _checked(result, what):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return result
