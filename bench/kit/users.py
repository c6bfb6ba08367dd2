"""Other users, for a script that root runs."""

import os


def become(user, *groups, umask=None):
    """What a child does, before anything else, to be this user, and in these groups beside."""

    def change():
        os.setgroups(groups)
        os.setgid(user)
        os.setuid(user)
        if umask is not None:
            os.umask(umask)

    return change if os.geteuid() == 0 else None
