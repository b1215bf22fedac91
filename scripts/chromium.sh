#!/bin/sh
# Makes sure that the page tests find a Chromium; installs Debian's package where that is allowed.
set -eu

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    echo "installing chromium for the page tests" >&2
    $as_root apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
    echo "error: the page tests need Chromium; install it and run again" >&2
    exit 1
fi
