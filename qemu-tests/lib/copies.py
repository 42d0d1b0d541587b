# SPDX-License-Identifier: GPL-2.0
"""A copy of sources in which something is changed, and built again and again."""

import fcntl
import os
import shutil


def update(top, tree, wanted):
    """Brings the copy tree of these files (relative to top) up to date, and drops all others from
    it. What has not changed keeps its time, so that it is not built anew."""
    wanted = set(wanted)
    for name in wanted:
        source, target = top / name, tree / name
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    for target in list(tree.rglob("*")):
        if target.is_file() and target.relative_to(tree) not in wanted:
            target.unlink()


def claim(path):
    """Whether nobody else had claimed it; it is ours until this process ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return False
    return True
