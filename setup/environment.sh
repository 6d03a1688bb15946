#!/bin/sh
# Make .venv ready for a job:  sh setup/environment.sh run|test|bench|docs|musclex|dioptas|exe|release
#
# Finds a Python >= 3.11 that has Tk and ensurepip, makes .venv with it, and installs calibtool
# with what the job needs.  What is missing from the system is installed on Debian where that
# needs no password; elsewhere one sentence says what to type.  When nothing has changed since
# the last time it returns at once.  PYTHON=... names the one Python to use, VENV=... another
# place, VERSIONS=tested|newest|oldest which versions of the dependencies: by default those that
# setup/constraints/ has for this Python.
set -eu
cd "$(dirname "$0")/.."

job=$1
case $job in
    run)   target=.            ; stamps="run" ;;
    test)  target=".[test]"    ; stamps="run test" ;;
    bench) target=".[test,bench]"; stamps="run test bench" ;;
    docs)  target=".[test,docs]"; stamps="run test docs" ;;
    musclex|dioptas) target=".[test,$job]"; stamps="run test $job" ;;
    exe)   target=".[test,exe]" ; stamps="run test exe" ;;
    release) target=".[test,release]" ; stamps="run test release" ;;
    *) echo "environment.sh: no job '$job'; there are run, test, bench, docs, musclex, dioptas, exe, release" >&2; exit 2 ;;
esac
venv=${VENV:-.venv}
versions=${VERSIONS:-tested}
# Windows calls the folder of programs otherwise.
if [ "${OS:-}" = Windows_NT ]; then bin=$venv/Scripts; else bin=$venv/bin; fi
venv_python=$bin/python

say() { echo "calibtool: $*"; }
fail() { echo "calibtool: $*" >&2; exit 1; }

# Everything a Python must bring; Debian splits Tk and ensurepip off into packages of their own.
complete='import sys, tkinter, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'

version='import sys; print("{}.{}".format(*sys.version_info))'
shared='import ctypes, sysconfig; ctypes.CDLL(sysconfig.get_config_var("INSTSONAME"))'

# An environment belongs to its place and to the declared dependencies.
fingerprint() {
    pwd
    echo "$versions"
    cksum setup.cfg pyproject.toml
    if [ -d setup/constraints ]; then cksum setup/constraints/*; fi
}

venv_works() { "$venv_python" -c 'import tkinter, pip' 2>/dev/null; }

is_ready() { [ "$(cat "$venv/ready-$job" 2>/dev/null)" = "$(fingerprint)" ] && venv_works; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python /usr/bin/python3}; do
        if "$candidate" -c "$complete" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

# The words before an apt-get that asks no question; fails where a password would be needed.
privilege() {
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" = 0 ]; then echo env; else sudo -n true 2>/dev/null && echo "sudo -n env"; fi
}

apt_install() {
    as_root=$(privilege) || return 1
    say "installing $* with apt-get"
    log=$(mktemp)
    set -- DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"
    if $as_root "$@" >"$log" 2>&1 ||
        { $as_root apt-get update -qq && $as_root "$@"; } >"$log" 2>&1; then
        rm -f "$log"
    else
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
}

# What to type for a missing part, by system: the words for Debian, Fedora, macOS, Windows.
advice() {
    case $(uname -s) in
        Darwin) echo "brew install $3" ;;
        MINGW* | MSYS* | CYGWIN*) echo "$4" ;;
        *) if command -v dnf >/dev/null; then echo "sudo dnf install $2"
           else echo "sudo apt install $1"; fi ;;
    esac
}

bring_python() {
    find_python && return
    apt_install python3 python3-tk python3-venv >&2 && find_python && return
    fail "no Python 3.11 or newer with Tk and venv was found; type" \
        "'$(advice 'python3 python3-tk python3-venv' 'python3 python3-tkinter' 'python-tk' \
            'winget install Python.Python.3.13')' and try again" \
        "(or name another one: make $job PYTHON=/path/to/python3)."
}

bring_xvfb() {
    [ "$(uname -s)" = Linux ] || return 0
    command -v Xvfb >/dev/null && return
    [ -n "${DISPLAY:-}" ] && return
    apt_install xvfb && return
    say "there is no display and no Xvfb, so the tests of the window are skipped; for them type" \
        "'$(advice xvfb xorg-x11-server-Xvfb xquartz '')'."
}

# Some tests put a window manager around the window; without one they are skipped.
bring_window_manager() {
    [ "$(uname -s)" = Linux ] || return 0
    command -v openbox >/dev/null || apt_install openbox || true
}

# PyInstaller looks into libraries with objdump and copies libpython, which Debian keeps apart.
bring_build_tools() {
    [ "$(uname -s)" = Linux ] || return 0
    if ! command -v objdump >/dev/null || ! command -v strip >/dev/null; then
        apt_install binutils || fail "binutils is missing; type" \
            "'$(advice binutils binutils '' '')' and try again."
    fi
    if "$venv_python" -c "$shared" 2>/dev/null; then return; fi
    apt_install "libpython$("$venv_python" -c "$version")" && "$venv_python" -c "$shared" ||
        fail "this Python has no shared library (libpython), which the executable needs; use" \
            "another one: make exe PYTHON=/usr/bin/python3."
}

make_venv() {
    python=$(bring_python)
    say "making $venv with $("$python" -c 'import sys; print(sys.executable, sys.version.split()[0])')"
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail "$python could not make $venv; see the lines above."
}

# Which versions pip may take; no line, and it takes the newest.
write_constraints() {
    tested=setup/constraints/$("$venv_python" -c "$version").txt
    case $versions in
        oldest) "$venv_python" setup/constraints.py oldest >"$venv/constraints.txt" ;;
        tested) if [ -f "$tested" ]; then cat "$tested"; fi >"$venv/constraints.txt" ;;
        *) : >"$venv/constraints.txt" ;;
    esac
}

install() {
    write_constraints
    say "installing calibtool and what it needs (a minute or two, the first time)"
    # Editable: a changed source is what runs next, and the tests see the checkout.
    "$venv_python" -m pip install --quiet --disable-pip-version-check \
        --constraint "$venv/constraints.txt" --editable "$target" ||
        fail "pip could not install calibtool; its message is above (no network or a proxy?)."
    for stamp in $stamps; do fingerprint >"$venv/ready-$stamp"; done
}

[ "$job" = run ] || bring_xvfb
if is_ready; then exit; fi
moved_from=$(head -n 1 "$venv/ready-run" 2>/dev/null || true)
if [ "$moved_from" != "$(pwd)" ] || ! venv_works; then make_venv; fi
[ "$job" != exe ] || bring_build_tools
[ "$job" != test ] || bring_window_manager
install
say "ready"
