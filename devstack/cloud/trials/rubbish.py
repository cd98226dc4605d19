"""Answers each request on a Unix socket with a different kind of invalid data."""
import itertools
import os
import socket
import sys

ANSWERS = (
    b"\x00\xff\xfe not json\n",
    b"[]\n",
    b'{"technique": "WARP", "clear": 1, "flags": [], "parameters": {}, "downtimeLimitMillis": 300}\n',
    b'{"technique": "POST", "clear": [], "flags": ["VIR_MIGRATE_NO_SUCH"], "parameters": {}, "downtimeLimitMillis": 300}\n',
    b'{"technique": "PRE", "clear": [], "flags": [], "parameters": {"bandwidth": "wide"}, "downtimeLimitMillis": 300}\n',
    b'{"technique": "PRE", "clear": [], "flags": [], "parameters": {"no.such": 1}, "downtimeLimitMillis": 300}\n',
    b'{"technique": "DCZstd", "clear": [], "flags": ["VIR_MIGRATE_PARALLEL", "VIR_MIGRATE_COMPRESSED"], "parameters": '
    b'{"compression": "zstd", "compression.zstd.level": 99, "parallel.connections": 2}, "downtimeLimitMillis": 300}\n',
    b"no end of line",
    b"",
)

path = sys.argv[1]
if os.path.exists(path):
    os.unlink(path)
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen(16)
answers = itertools.cycle(ANSWERS)
while True:
    peer = server.accept()[0]
    peer.settimeout(2)
    try:
        if b'"ASK"' in peer.recv(1 << 16):
            peer.sendall(next(answers))
    except OSError as e:
        print(e, file=sys.stderr)
    finally:
        peer.close()
