# SPDX-License-Identifier: GPL-2.0
"""Latency over time as a picture, drawn by gnuplot."""

import shutil
import subprocess

from .paths import SetupError

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


def draw(picture, title, points):
    """Writes an SVG; points: {name: [(seconds, milliseconds), ...]}."""
    curves = [f'"{_data(picture, name, series)}" with linespoints pointsize 0.4 title "{name}"'
              for name, series in points.items()]
    _gnuplot(COMMANDS.format(picture=picture, title=title, curves=", ".join(curves)))
