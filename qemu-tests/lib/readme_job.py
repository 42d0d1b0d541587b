# SPDX-License-Identifier: GPL-2.0
"""The job `readme': are the commands of scripts/README.md right?"""

import io
import re
import tarfile

from .paths import REPOSITORY, SetupError

PAGE = REPOSITORY / "scripts/README.md"
SECTION = "## Using it on a test VM"
# The headings of the section's parts, and what the guest calls them.
KINDS = {"Install it": "install", "One disk": "disk", "Watch": "watch", "Report": "watch",
         "Undo": "undo"}
# What a stranger's copy of the repository has and this is about.
TREE = ["Kbuild", "Makefile", "README.md", "include", "scripts", "src"]
MADE = re.compile(r"\.(o|ko|d|cmd|mod|mod\.c|pyc)$|conftest\.h(\.log)?$")


def commands(text):
    """(kind, command) of each line in the page's blocks of code, in order."""
    section = text.split(SECTION, 1)[1].split("\n## ")[0]
    found = []
    for part in re.split(r"^\*\*", section, flags=re.MULTILINE)[1:]:
        kind = KINDS.get(part.split("**")[0].rstrip("."))
        for block in re.findall(r"^```\n(.*?)^```", part, re.MULTILINE | re.DOTALL) if kind else ():
            found += [(kind, re.sub(r"\s+#.*", "", line)) for line in block.splitlines()]
    missing = [name for name, kind in KINDS.items() if kind not in dict(found)]
    if missing:
        raise SetupError(f"{PAGE} has no commands under {', '.join(missing)}")
    return found


def add(archive, _):
    """The repository, and the commands."""
    for name in TREE:
        archive.add(REPOSITORY / name, f"tree/{name}",
                    filter=lambda member: None if MADE.search(member.name) else member)
    text = PAGE.read_text(encoding="utf-8")
    data = "".join(f"{kind}\t{command}\n" for kind, command in commands(text)).encode()
    member = tarfile.TarInfo("commands")
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def judge(found, folder, _):
    """The guest has judged; only that it did what the page has is to be seen here."""
    path = folder / "transcript"
    done = path.read_text(encoding="utf-8").count("\n$ ") + 1 if path.exists() else 0
    found.judge("all commands were run", done > len(KINDS), f"{done}")
