#!/bin/sh
# Makes sure that the test of the workbook finds LibreOffice Calc; installs Debian's package where that is allowed.
set -eu

for name in soffice libreoffice; do
    command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    echo "installing LibreOffice Calc for the test of the workbook" >&2
    $as_root apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends libreoffice-calc-nogui >/dev/null
else
    echo "error: the test of the workbook needs LibreOffice Calc; install it and run again" >&2
    exit 1
fi
