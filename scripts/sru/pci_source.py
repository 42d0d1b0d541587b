# SPDX-License-Identifier: GPL-2.0
"""A pci.c of drivers/nvme/host, read and changed by its code: no versions, no line numbers."""

import re

COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|("(?:\\.|[^"\\])*")', re.S)


class NoPlace(Exception):
    """A change has no place in this source, or more than one."""


def without_comments(text):
    """The same text; each comment is gone, strings stay."""
    return COMMENT.sub(lambda found: found[1] or " ", text)


def span(text, name):
    """Where the definition of a function begins and ends; None if it is not there."""
    head = r"^[a-z][\w \t*]*?[ \t*]" + name + r"\([^;{}]*\)[^;{}]*\n"
    found = re.search(head + r"\{\n.*?^\}\n", text, re.S | re.M)
    return found.span() if found else None


def function(text, name):
    """A function's definition without its comments; empty if it is not there."""
    place = span(text, name)
    return without_comments(text[slice(*place)]) if place else ""


class Change:
    """One text for another, at the one place that a pattern finds in a function, or in the file."""

    def __init__(self, where, pattern, replacement, times=1):
        self.where, self.pattern, self.replacement, self.times = where, pattern, replacement, times

    def apply(self, text):
        """The changed text; NoPlace if the pattern is not found exactly so often."""
        start, end = 0, len(text)
        if self.where:
            place = span(text, self.where)
            if not place:
                raise NoPlace(f"there is no function {self.where}()")
            start, end = place
        new, found = re.subn(self.pattern, self.replacement, text[start:end], flags=re.S | re.M)
        if found != self.times:
            raise NoPlace(f"{found} places instead of {self.times} in {self.where or 'the file'} "
                          f"for: {self.pattern!r}")
        return text[:start] + new + text[end:]


def apply(text, changes):
    """Makes all changes, one after the other, or raises NoPlace."""
    for change in changes:
        text = change.apply(text)
    return text
