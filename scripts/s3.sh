#!/bin/sh
# Makes sure that the tests of gathering find a store that speaks the S3 protocol: s3rver, pinned, in the user's cache folder,
# so that the next clone needs no network.
set -eu

version=3.7.1
target=${XDG_CACHE_HOME:-$HOME/.cache}/chiso/s3rver-$version
if [ ! -f "$target/ready" ]; then
    command -v npm >/dev/null || {
        echo "error: the tests of gathering need npm; install it and run again" >&2
        exit 1
    }
    echo "installing s3rver $version" >&2
    rm -rf "$target"
    mkdir -p "$target"
    npm install --silent --no-audit --no-fund --prefix "$target" "s3rver@$version" >/dev/null
    touch "$target/ready"
fi
# The tests look here.
ln -sfn "$target" "${XDG_CACHE_HOME:-$HOME/.cache}/chiso/s3rver"
