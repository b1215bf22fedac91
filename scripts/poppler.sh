#!/bin/sh
# Makes sure that the tests of the printed report find poppler's tools, which read PDF, LibreOffice Writer, which opens Word
# documents, and a serif font with the widths of Times New Roman; installs Debian's packages where that is allowed.
set -eu

missing=
command -v pdfinfo >/dev/null || missing="$missing poppler-utils"
command -v fc-list >/dev/null && fc-list | grep -qE "Times New Roman|Liberation Serif|Tinos" || missing="$missing fonts-liberation"
{ command -v lowriter || ls /usr/lib/libreoffice/program/libswlo.so; } >/dev/null 2>&1 || missing="$missing libreoffice-writer-nogui"
[ -n "$missing" ] || exit 0
if command -v apt-get >/dev/null; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    echo "installing$missing for the tests of the printed report" >&2
    $as_root apt-get update -qq >/dev/null
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "error: the tests of the printed report need$missing; install them and run again" >&2
    exit 1
fi
