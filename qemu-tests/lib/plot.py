# SPDX-License-Identifier: GPL-2.0
"""Latency over time as a picture, drawn by gnuplot."""

import shutil
import subprocess

from .paths import SetupError

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


def draw(picture, title, points):
    """Writes an SVG; points: {name: [(seconds, milliseconds), ...]}."""
    if not shutil.which("gnuplot"):
        raise SetupError("gnuplot is missing: apt-get install gnuplot-nox")
    picture.parent.mkdir(parents=True, exist_ok=True)
    curves = []
    for name, series in points.items():
        data = picture.with_name(f"{picture.stem}-{name}.dat")
        data.write_text("".join(f"{x:.3f} {y:.3f}\n" for x, y in series), encoding="utf-8")
        curves.append(f'"{data}" with linespoints pointsize 0.4 title "{name}"')
    script = COMMANDS.format(picture=picture, title=title, curves=", ".join(curves))
    subprocess.run(["gnuplot", "-"], input=script, text=True, check=True)
