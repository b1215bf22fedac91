#!/bin/sh
# Makes sure that the tests of exports find the Python packages that read them: pinned versions, in the user's cache
# folder, so that the next clone needs no network. A second folder has an older DuckDB.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
wanted=$here/tests/takeaway/requirements.txt
older=duckdb==1.4.5
sum=$( (cat "$wanted"; echo "$older") | sha256sum | cut -c 1-16)
target=${XDG_CACHE_HOME:-$HOME/.cache}/chiso/python-$sum

if [ ! -f "$target/ready" ]; then
    command -v python3 >/dev/null || {
        echo "error: the tests of exports need python3 with venv; install it and run again" >&2
        exit 1
    }
    echo "installing the Python packages of tests/takeaway/requirements.txt" >&2
    rm -rf "$target"
    python3 -m venv "$target"
    "$target/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
    "$target/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$target/older" "$older"
    touch "$target/ready"
fi
# The tests look here.
ln -sfn "$target" "${XDG_CACHE_HOME:-$HOME/.cache}/chiso/python"
