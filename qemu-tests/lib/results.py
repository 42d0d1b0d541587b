# SPDX-License-Identifier: GPL-2.0
"""Verdicts in the forms that other programs read: TAP 13 and JUnit's XML."""

from xml.etree import ElementTree


def _lines(reports):
    """(name, verdict) of each test, in the order that they ran."""
    for report in reports:
        for verdict in report.verdicts.values():
            yield (f"{report.driver}: " if len(reports) > 1 else "") + verdict.name, verdict


def tap(reports):
    """As prove, kunit.py's reader and CI services take it."""
    verdicts = list(_lines(reports))
    lines = ["TAP version 13", f"1..{len(verdicts)}"]
    for number, (name, verdict) in enumerate(verdicts, 1):
        if verdict.outcome == "skip":
            lines.append(f"ok {number} - {name} # SKIP {verdict.reason}")
            continue
        lines.append(f"{'ok' if verdict.outcome == 'ok' else 'not ok'} {number} - {name}")
        reasons = {"message": verdict.reason, "first_run": verdict.before}
        quoted = {key: reason.replace("'", "''") for key, reason in reasons.items() if reason}
        lines += ["  ---", f"  duration_ms: {verdict.seconds * 1000:.0f}",
                  *[f"  {key}: '{reason}'" for key, reason in quoted.items()], "  ..."]
    return "\n".join(lines) + "\n"


def _text(said):
    """Without the characters that XML has no way to hold."""
    return "".join(one for one in said if one in "\t\n\r" or " " <= one <= "\ud7ff")


def junit(reports):
    """As Jenkins, GitLab and others take it; a failure has the end of its kernel log."""
    suites = ElementTree.Element("testsuites")
    for report in reports:
        suite = ElementTree.SubElement(
            suites, "testsuite", name=report.driver, tests=str(len(report.verdicts)),
            failures=str(sum(one.outcome == "fail" for one in report.verdicts.values())),
            skipped=str(sum(one.outcome == "skip" for one in report.verdicts.values())))
        for verdict in report.verdicts.values():
            case = ElementTree.SubElement(suite, "testcase", name=verdict.name,
                                          classname=f"{report.driver}.{verdict.name.split('_')[0]}",
                                          time=f"{verdict.seconds:.1f}")
            if verdict.outcome == "skip":
                ElementTree.SubElement(case, "skipped", message=_text(verdict.reason))
            elif verdict.outcome == "fail":
                failure = ElementTree.SubElement(case, "failure", message=_text(verdict.reason))
                failure.text = _text(verdict.log)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"
