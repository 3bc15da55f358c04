"""What the server starts for a tab, without an application: it draws what it is told, and remembers what it was given.

It draws its arguments and its process id, then every packet that comes; "die" ends it, "stay" makes it hard to end.
"""

import json
import os
import signal
import sys

stays = False


def put(kind: bytes, payload: bytes) -> None:
    os.write(1, kind + len(payload).to_bytes(4, "big") + payload)


def get(size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = os.read(0, size - len(data))
        if not more and stays:
            signal.pause()
        if not more:
            sys.exit()
        data += more
    return data


if "--broken" in sys.argv:
    sys.exit(1)
os.write(1, b"__GANGLION__\n")
put(b"D", json.dumps([os.getpid(), sys.argv[1:], os.environ["COLUMNS"], os.environ["ROWS"]]).encode())
put(b"M", json.dumps({"type": "conversation", "id": "c" * 32}).encode())
while True:
    kind, size = get(1), int.from_bytes(get(4), "big")
    payload = get(size)
    if payload == b"die" or (b"quit" in payload and not stays):
        break
    if payload == b"stay":
        stays = True
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    put(b"D", kind + payload)
put(b"M", b'{"type": "exit"}')
