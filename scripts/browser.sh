#!/bin/sh
# Makes sure that the tests in a browser find their npm packages: those of tests/browser/package-lock.json, checked by its
# sums, in the user's cache folder, so that the next clone needs no network.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
wanted=$here/tests/browser
sum=$(sha256sum < "$wanted/package-lock.json" | cut -c 1-16)
target=${XDG_CACHE_HOME:-$HOME/.cache}/chiso/browser-$sum

if [ ! -f "$target/ready" ]; then
    command -v npm >/dev/null || {
        echo "error: the tests in a browser need npm; install it and run again" >&2
        exit 1
    }
    echo "installing the npm packages of tests/browser/package-lock.json" >&2
    rm -rf "$target"
    mkdir -p "$target"
    cp "$wanted/package.json" "$wanted/package-lock.json" "$target/"
    # No scripts: Chromium comes from the system, nothing else is to be fetched.
    (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --silent)
    touch "$target/ready"
fi
# The tests look here.
ln -sfn "$target/node_modules" "$wanted/node_modules"
