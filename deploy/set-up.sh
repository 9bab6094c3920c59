#!/bin/sh
# Brings a fresh Debian 13 to where `make run` works, or, without the word `run`, every other target too: system packages, a
# .venv with Python 3.13, the locked Python packages (each checked by its hash) and this project in it. Does nothing,
# quickly, where all is there already.
set -eu
cd "$(dirname "$0")/.."

# Drawing without a display (EGL, software OpenGL), touch input, Arabic shaping.
packages="python3 python3-venv libegl1 libgl1 libgl1-mesa-dri libgles2 libmtdev1t64 libfribidi0"
# Arabic on printed reports: WeasyPrint shapes with Pango; and the voice.
packages="$packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 espeak-ng"
# For the tests: power cuts, worn disks, a display, the browsers that pages are looked at with, what stands before central.
[ "${1:-}" = run ] || packages="$packages strace e2fsprogs xvfb cage chromium firefox-esr nftables udev poppler-utils nginx promtool"
# For `make packages`, `make stick` and the machine that their proof installs them on: asked for by the word `packages`.
if [ "${1:-}" = packages ]; then packages="dpkg-dev xz-utils apt-utils gpg gpg-agent mmdebstrap systemd-container xorriso python3-kivy"; fi

missing=""
for package in $packages; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    line="install -y --no-install-recommends$missing"
    if [ "$(id -u)" = 0 ]; then
        run="env"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        run="sudo env"
    else
        sudo=$(command -v sudo >/dev/null && echo "sudo " || true)
        echo "System packages are missing, and only an administrator can install them. Please have one run:" >&2
        echo "    ${sudo}apt-get update && ${sudo}apt-get $line" >&2
        exit 1
    fi
    $run deploy/apt-alone update -q
    # Tests start an nginx of their own, on loopback: the one that is installed never serves this machine's port 80.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap '$run rm -f $policy' EXIT
        printf '#!/bin/sh\n[ "$1" != nginx ] || exit 101\n' | $run tee $policy >/dev/null
        $run chmod 0755 $policy
    fi
    $run deploy/apt-alone $line
    case "$missing " in *" nginx "*) $run systemctl disable --quiet nginx.service 2>/dev/null || true ;; esac
fi

python=""
for candidate in /usr/bin/python3.13 python3.13 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))'; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.13 is needed and was not found; Debian 13 has it as python3." >&2
    exit 1
fi

# A checkout that was moved, or a start that was broken off in its first seconds, leaves an environment that can't be used.
if [ -e .venv ] && { [ "$(cat .venv/place 2>/dev/null || pwd)" != "$(pwd)" ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    echo "the environment in .venv is not whole, or was moved: it is made again" >&2
    rm -rf .venv
fi

# What all targets need includes what running needs.
wanted() { cat "$1" pyproject.toml deploy/set-up.sh | sha256sum | cut -d' ' -f1; }
all=$(wanted requirements-dev.lock)
if [ "${1:-}" = run ]; then lock=requirements-demo.lock; else lock=requirements-dev.lock; fi
have=$(cat .venv/installed 2>/dev/null || true)
if [ "$have" != "$all" ] && [ "$have" != "$(wanted "$lock")" ]; then
    rm -f .venv/installed
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    pwd >.venv/place
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" || {
        echo "The libraries could not be fetched: the first start needs a network, or an index that pip is set to. Then start again." >&2
        exit 1
    }
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --config-settings editable_mode=compat \
        --editable .
    wanted "$lock" >.venv/installed
fi
