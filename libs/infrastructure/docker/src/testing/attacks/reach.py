"""Tries everything that one process can do to another, on the parent of a sleep of each user, and prints what worked."""
import ctypes
import json
import os
import resource
import signal
import time

libc = ctypes.CDLL(None, use_errno=True)


def shell_of(user):
    """The shell of that user which waits for a sleep."""
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{process}/stat") as stat:
                    _, name, _, parent = stat.read().split()[:4]
                if name == "(sleep)" and os.stat(f"/proc/{process}").st_uid == user:
                    return int(parent)
            except OSError:
                pass
        time.sleep(0.02)
    raise SystemExit(f"no check of user {user} is seen")


def read(process, name, mode="rb"):
    with open(f"/proc/{process}/{name}", mode, 0) as file:
        if name != "mem" and mode == "rb":
            file.read(1)


def traced(process):
    attach, detach = 16, 17
    if libc.ptrace(attach, process, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(process, 0)
    libc.ptrace(detach, process, 0, 0)


attempts = {
    "read memory": lambda process: read(process, "mem"),
    "write memory": lambda process: read(process, "mem", "r+b"),
    "read maps": lambda process: read(process, "maps"),
    "read environment": lambda process: read(process, "environ"),
    "read input": lambda process: os.close(os.open(f"/proc/{process}/fd/0", os.O_RDONLY | os.O_NONBLOCK)),
    "write output": lambda process: os.close(os.open(f"/proc/{process}/fd/1", os.O_WRONLY | os.O_NONBLOCK)),
    "list files": lambda process: os.listdir(f"/proc/{process}/fd"),
    "see folder": lambda process: os.readlink(f"/proc/{process}/cwd"),
    "trace": traced,
    "limit": lambda process: resource.prlimit(process, resource.RLIMIT_CORE, (0, 0)),
    "slow down": lambda process: os.setpriority(os.PRIO_PROCESS, process, 1),
    "stop": lambda process: os.kill(process, signal.SIGSTOP),
    "kill": lambda process: os.kill(process, signal.SIGKILL),
}


def works(attempt, process):
    try:
        attempt(process)
        return True
    except OSError:
        return False


def reached(user):
    process = shell_of(user)
    return [name for name, attempt in attempts.items() if works(attempt, process)]


print(json.dumps({"all": list(attempts), "checker": reached(2000), "learner": reached(1000)}))
