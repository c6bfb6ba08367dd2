"""Accounts and limits for a Slurm of our own: slurmdbd over a MariaDB, on loopback, in its folder."""

import os
import pwd
import shutil
import socket
import subprocess

from kit.events import until
from slurm.cluster import PATH, NoSlurm

PROGRAMS = ("mariadbd", "mariadb-install-db", "mariadb", "slurmdbd", "sacctmgr", "munged")
ACCOUNT = "lab"
STORAGE = """\
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort={port}
CommunicationParameters=NoInAddrAny
SlurmUser=root
LogFile={folder}/slurmdbd.log
PidFile={folder}/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort={database}
StorageUser=slurm
StoragePass={word}
StorageLoc=slurm
"""
SETTINGS = """\
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort={port}
AccountingStoragePass={folder}/munge.socket
AccountingStorageEnforce=limits,qos
"""


def missing():
    """Which of the programs that this needs are not there."""
    return [name for name in PROGRAMS if not shutil.which(name, path=PATH)]


class Accounts:
    """The three daemons, started before slurmctld and ended after it."""

    def __init__(self, slurm):
        self.slurm = slurm
        self.folder = os.path.join(slurm.home, "accounts")
        self.port, self.database = free_ports(2)
        self.word = os.urandom(8).hex()
        self.started = []
        self.client = os.path.join(self.folder, "client.conf")

    def settings(self):
        """The lines of slurm.conf that ask for them."""
        return SETTINGS.format(port=self.port, folder=self.folder)

    def start(self, cluster="sweeptest"):
        """From empty folders to an account that this user may submit under."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(os.path.join(self.folder, "data"))
        self.munge()
        self.mariadb()
        self.slurmdbd()
        user = pwd.getpwuid(os.getuid()).pw_name
        self.manage("add", "cluster", cluster)
        self.manage("add", "account", ACCOUNT, "Cluster=" + cluster)
        self.manage("add", "user", user, "Account=" + ACCOUNT, "DefaultAccount=" + ACCOUNT)

    def munge(self):
        """A munged of the same key, for slurmctld's own comes later."""
        key = os.path.join(self.slurm.home, "munge", "munge.key")
        os.makedirs(os.path.dirname(key), exist_ok=True)
        if not os.path.exists(key):
            with open(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.write(os.urandom(128))
        mine = os.path.join(self.folder, "munge")
        self.spawn(
            "munged", "--foreground", "--force", "--num-threads=2", "--key-file=" + key,
            "--socket=%s.socket" % mine, "--pid-file=%s.pid" % mine, "--seed-file=%s.seed" % mine,
            "--log-file=%s.log" % mine,
        )  # fmt: skip
        self.wait("munged", "munge", "-S", mine + ".socket", "-n")

    def mariadb(self):
        """An empty database that slurmdbd may fill."""
        data = os.path.join(self.folder, "data")
        user = pwd.getpwuid(os.getuid()).pw_name
        self.run("mariadb-install-db", "--no-defaults", "--datadir=" + data, "--skip-test-db",
                 "--auth-root-authentication-method=normal", "--user=" + user)  # fmt: skip
        place = os.path.join(self.folder, "data.socket")
        self.spawn(
            "mariadbd", "--no-defaults", "--datadir=" + data, "--socket=" + place,
            "--bind-address=127.0.0.1", "--port=%d" % self.database, "--user=" + user,
            "--pid-file=%s.pid" % data, "--innodb-buffer-pool-size=32M",
            "--innodb-log-file-size=32M", "--innodb-flush-log-at-trx-commit=0",
            "--innodb-lock-wait-timeout=900",
        )  # fmt: skip
        client = ("mariadb", "--no-defaults", "--socket=" + place, "--user=root")
        self.wait("mariadbd", *client, "--execute=select 1")
        self.run(*client, "--execute=create database slurm;"
                 "grant all on slurm.* to slurm@'127.0.0.1' identified by '%s'" % self.word)  # fmt: skip

    def slurmdbd(self):
        """The daemon itself, and a slurm.conf for those who ask it before there is a slurmctld."""
        path = os.path.join(self.folder, "slurmdbd.conf")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(STORAGE.format(
                folder=self.folder, port=self.port, database=self.database, word=self.word))  # fmt: skip
        with open(self.client, "w") as file:
            file.write(
                "ClusterName=sweeptest\nSlurmctldHost=localhost\nAuthType=auth/munge\n"
                "AuthInfo=socket=%s/munge.socket\n" % self.folder + self.settings()
            )
        words = ["env", "SLURM_CONF=" + self.client, "slurmdbd", "-D"]
        if socket.gethostname() != "localhost":
            rename = 'hostname localhost && exec "$@"'
            words = ["unshare", "--uts", "sh", "-c", rename, "sh", *words]
        # It reads slurmdbd.conf beside the slurm.conf that it is told of.
        self.spawn(*words)
        self.wait("slurmdbd", "sacctmgr", "-n", "list", "cluster", timeout=60)

    def manage(self, *words):
        """One call of sacctmgr, which may find that there is nothing to do."""
        self.run("sacctmgr", "-i", *words)

    def limit(self, **limits):
        """Limits of the account's users, as MaxSubmitJobs=3; None takes one away."""
        said = ["%s=%s" % (name, -1 if value is None else value) for name, value in limits.items()]
        self.manage("modify", "account", ACCOUNT, "set", *said)

    def run(self, *words):
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            universal_newlines=True, timeout=60, env=self.environment(),
        )  # fmt: skip
        if done.returncode != 0:
            raise NoSlurm("%s: %s" % (" ".join(words), done.stdout.strip()[-300:]))
        return done.stdout

    def environment(self):
        return {**self.slurm.environment(), "SLURM_CONF": self.client}

    def spawn(self, *words):
        with open(os.path.join(self.folder, "output"), "a") as output:
            self.started.append(subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env=self.environment(), start_new_session=True))  # fmt: skip

    def wait(self, what, *words, timeout=30):
        """Until the newest daemon answers."""

        def answers():
            if self.started[-1].poll() is not None:
                raise NoSlurm("%s ended: see %s" % (what, self.folder))
            try:
                return self.run(*words) or True
            except (NoSlurm, subprocess.TimeoutExpired):
                return None

        if until(answers, timeout, 0.3) is None:
            raise NoSlurm("%s does not answer" % what)

    def stop(self):
        """Ends them, the last first."""
        for process in reversed(self.started):
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.started = []


def free_ports(count):
    """So many ports of loopback that nobody has just now."""
    taken = [socket.socket() for _ in range(count)]
    for one in taken:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports
