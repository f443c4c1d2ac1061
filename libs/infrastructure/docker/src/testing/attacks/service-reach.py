"""Tries to reach what targets.json names, and to open what a service must not, and prints what worked."""
import concurrent.futures
import ctypes
import errno
import json
import os
import socket

with open("/probe/targets.json") as file:
    targets = json.load(file)


def connects(target):
    host, port = target
    try:
        socket.create_connection((host, port), timeout=2).close()
        return f"reached: {host} {port}"
    except OSError:
        return None


def resolves(name):
    try:
        return f"resolved: {name} {socket.getaddrinfo(name, 80)[0][4][0]}"
    except OSError:
        return None


def sends(target):
    host, port = target
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.settimeout(1)
            datagrams.connect((host, port))
            datagrams.send(b"attack")
            datagrams.recv(1)
            return f"answered: {host} {port}"
    except OSError:
        return None


def opens(what, *arguments):
    try:
        socket.socket(*arguments).close()
        return f"worked: {what}"
    except OSError:
        return None


def opens_by_handle():
    """The oldest way out of a container: a file of the disk below a volume, by its number."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = (ctypes.c_byte * 16)(8, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0)
    volume = os.open("/srv/data", os.O_RDONLY)
    opened = libc.open_by_handle_at(volume, handle, os.O_RDONLY)
    return None if opened < 0 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS) else "worked: open by handle"


pairs = [(host, port) for host in targets["addresses"] for port in targets["ports"]]
found = [
    opens("open a raw socket", socket.AF_INET, socket.SOCK_RAW, 1),
    opens("open a packet socket", socket.AF_PACKET, socket.SOCK_RAW),
    opens_by_handle(),
]
with concurrent.futures.ThreadPoolExecutor(48) as pool:
    found += pool.map(connects, pairs)
    found += pool.map(sends, [(host, port) for host in targets["addresses"] for port in targets["datagrams"]])
    found += pool.map(resolves, targets["names"])
    found += pool.map(connects, targets["neighbours"])
for line in filter(None, found):
    print(line)
print("END", flush=True)
