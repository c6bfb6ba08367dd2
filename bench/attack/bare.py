"""What looks like a machine without Java and network: an unpacked archive, and users who start it."""

import ctypes
import fcntl
import os
import shutil
import socket
import struct
import subprocess

from kit.users import become

HIDDEN = ("/usr/lib/jvm", "/etc/java-17-openjdk", "/etc/ssl/certs/java", "/opt/java")
TOOLS = ("bash", "cat", "cksum", "cp", "env", "find", "flock", "hostname", "ls", "mkdir", "mktemp",
         "mv", "readlink", "rm", "sed", "sh", "sleep", "stat", "stty", "tail", "timeout")  # fmt: skip


def isolate(checks):
    """Takes network and JDKs away from this process and its children; what it was."""
    libc = ctypes.CDLL(None, use_errno=True)
    new_network, new_mounts = 0x40000000, 0x00020000
    if os.geteuid() != 0 or libc.unshare(new_network | new_mounts) != 0:
        why = "only root can" if os.geteuid() != 0 else os.strerror(ctypes.get_errno())
        checks.skip("without network and JDKs", why)
        return
    with socket.socket() as any_socket:
        set_flags, up = 0x8914, 1
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", up))
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    hidden = [path for path in HIDDEN if os.path.isdir(path)]
    for path in hidden:
        subprocess.run(["mount", "-t", "tmpfs", "none", path], check=True)
    with socket.socket() as outside:
        outside.settimeout(2)
        reached = outside.connect_ex(("192.0.2.1", 80))
    checks.check("offline", reached != 0, os.strerror(reached), "unreachable")
    left = [path for path in hidden if os.listdir(path)]
    checks.check("JDKs hidden", not left, left or ", ".join(hidden), "nothing there")


class Machine:
    """The unpacked folder, and users who start what is in it."""

    def __init__(self, home, folder):
        self.home = home
        self.folder = folder
        self.launcher = os.path.join(home, "sweep-runner")
        self.bin = os.path.join(folder, "bin")
        os.mkdir(self.bin)
        for tool in TOOLS:
            found = shutil.which(tool)
            if found:
                os.symlink(os.path.realpath(found), os.path.join(self.bin, tool))
        os.mkdir(os.path.join(folder, "no-jvms"))

    def user(self, name, number):
        """A user with a home and a folder of their own."""
        own = os.path.join(self.folder, name)
        os.makedirs(os.path.join(own, "home"))
        os.makedirs(os.path.join(own, "work"))
        if os.geteuid() == 0:
            for path in (own, own + "/home", own + "/work"):
                os.chown(path, number, number)
        return User(self, own, number)

    def state(self):
        """Every path in the folder, with what changes when it is written."""
        found = {}
        for top, folders, files in os.walk(self.home):
            for name in [""] + files:
                path = os.path.join(top, name)
                seen = os.lstat(path)
                found[path] = (seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
        return found


class User:
    """Somebody who starts the program: with an empty environment, in a folder of their own."""

    def __init__(self, machine, own, number):
        self.machine = machine
        self.home = os.path.join(own, "home")
        self.work = os.path.join(own, "work")
        self.number = number

    def environment(self, **more):
        return {
            "PATH": self.machine.bin,
            "HOME": self.home,
            "SWEEP_RUNNER_JVMS": os.path.join(self.machine.folder, "no-jvms"),
            **more,
        }

    def start(self, *arguments, launcher=None, env=None, **how):
        """A process."""
        return subprocess.Popen(
            [launcher or self.machine.launcher, *arguments], cwd=self.work,
            env=self.environment(**(env or {})), preexec_fn=become(self.number),
            universal_newlines=True, **how,
        )  # fmt: skip

    def once(self, *arguments, launcher=None, env=None, given="", timeout=180):
        """Runs to the end; its exit code, output and complaints."""
        process = self.start(
            *arguments, launcher=launcher, env=env,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            out, err = process.communicate(given, timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return process.returncode, out, err


def executable(pid):
    """What the process runs, or nothing."""
    try:
        return os.readlink("/proc/%d/exe" % pid)
    except OSError:
        return ""
