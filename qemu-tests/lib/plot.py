# SPDX-License-Identifier: GPL-2.0
"""Latency over time as a picture, drawn by gnuplot."""

import shutil
import subprocess

from .paths import SetupError

# What is worth a label in the demonstration: ordinary requests take a few milliseconds.
STALL_MS = 50

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


def _data(picture, name, series):
    """A file with a point a line; returns its path."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    data = picture.with_name(f"{picture.stem}-{name}.dat")
    data.write_text("".join(" ".join(f"{value:.3f}" for value in point) + "\n"
                            for point in series), encoding="utf-8")
    return data


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
    if not shutil.which("gnuplot"):
        raise SetupError("gnuplot is missing: apt-get install gnuplot-nox")
    subprocess.run(["gnuplot", "-"], text=True, check=True, input=COMMANDS.format(
        picture=picture, title=title, curves=", ".join(curves)))
