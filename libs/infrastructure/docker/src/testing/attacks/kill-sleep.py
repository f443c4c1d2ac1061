"""Waits for a program named sleep and kills it, whoever it belongs to."""
import os
import signal
import time

deadline = time.monotonic() + 8
print("ready", flush=True)
while time.monotonic() < deadline:
    for process in os.listdir("/proc"):
        try:
            with open(f"/proc/{process}/comm") as comm:
                if comm.read() == "sleep\n":
                    os.kill(int(process), signal.SIGKILL)
        except OSError:
            pass
    time.sleep(0.02)
