#!/bin/sh
# Makes sure that the tests of gathering find PostgreSQL's programs; installs Debian's package where that is allowed.
set -eu

ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && exit 0
command -v initdb >/dev/null && exit 0
if command -v apt-get >/dev/null; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    echo "installing postgresql for the tests of gathering" >&2
    $as_root apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends postgresql openssl >/dev/null
else
    echo "error: the tests of gathering need PostgreSQL; install it and run again" >&2
    exit 1
fi
