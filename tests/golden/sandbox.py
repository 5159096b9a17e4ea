"""Network and mounts of our own: the recorded scenarios use fixed ports and the service account of a
pod, and neither may touch, or be touched by, the machine the tests run on."""

import fcntl
import os
import socket
import struct
import subprocess

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def prefix():
    """What starts a command in a sandbox; for an ordinary user by way of a user namespace."""
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *user, "--mount", "--net", "--"]


def run_directory():
    return os.path.realpath("/var/run")


def possible():
    probe = prefix() + ["mount", "-t", "tmpfs", "tmpfs", run_directory()]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh22x", b"lo", 0)
        flags = struct.unpack("16sh22x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | IFF_UP))


def set_up(ca_file):
    """To be called inside: the loopback interface and the service account of a pod."""
    raise_loopback()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", run_directory()], check=True)
    os.makedirs(ACCOUNT)
    with open(ACCOUNT + "/token", "w", encoding="ascii") as token:
        token.write("token-of-the-sandbox")
    os.symlink(ca_file, ACCOUNT + "/ca.crt")
