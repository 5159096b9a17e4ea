"""Network and mounts of our own: the recorded scenarios use fixed ports and the service account of a
pod, and neither may touch, or be touched by, the machine the tests run on."""

import fcntl
import os
import socket
import struct
import subprocess
import sys

MARK = "CPAB_GOLDEN_SANDBOX"
ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def inside():
    return MARK in os.environ


def command():
    """What starts a program in a sandbox; as an ordinary user by way of a user namespace."""
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *user, "--mount", "--net", "--"]


def possible():
    probe = command() + ["mount", "-t", "tmpfs", "tmpfs", os.path.realpath("/var/run")]
    try:
        return subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


def enter():
    """Starts this program again, in a sandbox. Does not return."""
    os.environ[MARK] = "1"
    program = command()
    os.execvp(program[0], program + [sys.executable, *sys.argv])


def set_up():
    """To be called inside: the loopback interface, and room for a service account."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh", b"lo", 0).ljust(40, b"\0")
        flags = struct.unpack("16sh", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request)[:18])[1]
        up = struct.pack("16sh", b"lo", flags | IFF_UP).ljust(40, b"\0")
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, up)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", os.path.realpath("/var/run")], check=True)
    os.makedirs(ACCOUNT)


def write_account(ca_file):
    with open(ACCOUNT + "/token", "w", encoding="ascii") as token:
        token.write("token-of-the-sandbox")
    os.symlink(ca_file, ACCOUNT + "/ca.crt")
