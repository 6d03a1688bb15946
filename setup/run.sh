#!/bin/sh
# Open the window on IMAGE or on the demonstration; where no window can open, do it on paper.
set -eu
if [ "${OS:-}" = Windows_NT ]; then bin=.venv/Scripts; else bin=.venv/bin; fi
calibtool=$bin/calibtool

can_open_window() {
    $bin/python -c 'import tkinter; tkinter.Tk().destroy()' 2>/dev/null
}

if can_open_window; then
    if [ -n "$IMAGE" ]; then exec $calibtool "$IMAGE"; else exec $calibtool demo; fi
fi
echo "calibtool: no display, so the result is written instead of shown"
[ -n "$IMAGE" ] || exec $calibtool demo --force --out "$OUT"
mkdir -p "$OUT"
name=$(basename "$IMAGE")
$calibtool fit "$IMAGE" --force -o "$OUT/$name.json" --figure "$OUT/$name.png"
echo "calibtool: written to $OUT/$name.json and $OUT/$name.png"
