# SPDX-License-Identifier: GPL-2.0
"""Latency over time as a picture, drawn by gnuplot."""

import shutil
import statistics
import subprocess

from .paths import SetupError

# What is worth a label in the demonstration: ordinary requests take a few milliseconds.
STALL_MS = 50

GROWTH = """
set terminal svg size 700,420 font "sans,12" background "white"
set output "{picture}"
set title "{title}"
set xlabel "{over}"
set logscale x 2
set yrange [0:*]
set grid ytics
set key outside bottom center horizontal
plot {curves}
"""

COMMANDS = """
set terminal svg size 900,420 font "sans,12" background "white"
set output "{picture}"
set title "{title}"
set xlabel "seconds since the load began"
set ylabel "a request's time, ms"
set logscale y
set yrange [0.1:10000]
set grid ytics
set key outside bottom center horizontal
plot {curves}
"""

RECOVERY = """
set terminal svg size 900,800 font "sans,11" background "white"
set output "{picture}"
set style data histogram
set style histogram errorbars gap 1 linewidth 1
set style fill solid 0.6
set grid ytics
set key outside top right horizontal
set xtics rotate by -20
set multiplot layout 2,1
set title "longest stall of a request, ms"
set logscale y
set yrange [1:10000]
plot {stalls}
set title "requests a second, % of the same driver's when nothing is lost"
unset logscale y
set yrange [0:*]
plot {shares}
"""


def _gnuplot(script):
    if not shutil.which("gnuplot"):
        raise SetupError("gnuplot is missing: apt-get install gnuplot-nox")
    subprocess.run(["gnuplot", "-"], input=script, text=True, check=True)


def _data(picture, name, series):
    """A file with a point a line; returns its path."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    data = picture.with_name(f"{picture.stem}-{name}.dat")
    data.write_text("".join(" ".join(f"{value:.3f}" for value in point) + "\n"
                            for point in series), encoding="utf-8")
    return data


def draw_growth(picture, title, over, points):
    """Writes an SVG; points: {name: [(n, cost), ...]} or [(n, least, most), ...]."""
    curves = []
    for colour, (name, series) in enumerate(points.items(), 1):
        data = _data(picture, name, series)
        curves.append(f'"{data}" using 1:2 with linespoints linetype {colour} title "{name}"')
        if len(series[0]) > 2:
            curves.append(f'"{data}" using 1:2:2:3 with yerrorbars linetype {colour} notitle')
    _gnuplot(GROWTH.format(picture=picture, title=title, over=over, curves=", ".join(curves)))


def draw_recovery(picture, scenarios, drivers):
    """Writes an SVG; scenarios: {name: [{"longest_ms": [...], "share": [...]}, one a driver]}."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    data = picture.with_suffix(".dat")
    with data.open("w", encoding="utf-8") as lines:
        for name, of_drivers in scenarios.items():
            values = [[100 * share for share in one["share"]] for one in of_drivers]
            values += [one["longest_ms"] for one in of_drivers]
            lines.write(f'"{name}" ' + " ".join(
                f"{statistics.fmean(one):.3f} {min(one):.3f} {max(one):.3f}"
                for one in values) + "\n")

    def bars(first):
        return ", ".join(
            f'"{data}" using {column}:{column + 1}:{column + 2}:xtic(1) title "{driver}"'
            for column, driver in zip(range(first, 100, 3), drivers))

    _gnuplot(RECOVERY.format(picture=picture, shares=bars(2), stalls=bars(2 + 3 * len(drivers))))


def draw(picture, title, points):
    """Writes an SVG; points: {name: [(seconds, milliseconds), ...]}.

    A request is a point where it began and a line as long as it took; nothing was measured between
    two of them, so nothing joins them. What took STALL_MS or longer has its time beside it.
    """
    curves = []
    for colour, (name, series) in enumerate(points.items(), 1):
        data = f'"{_data(picture, name, series)}"'
        curves += [
            f'{data} with points linetype {colour} pointtype 7 pointsize 0.4 title "{name}"',
            f"{data} using 1:2:($2/1000):(0) with vectors nohead linetype {colour} notitle",
            f'{data} using ($2>={STALL_MS}?$1:NaN):2:(sprintf("%.0f ms",$2)) with labels '
            f"left offset 0,0.7 textcolor linetype {colour} notitle"]
    _gnuplot(COMMANDS.format(picture=picture, title=title, curves=", ".join(curves)))
