#!/bin/sh
# Makes sure that the test of the page for R finds R with data.table and readxl; installs Debian's packages (36 MB) where that
# is allowed. Where it is not, that test says that it was left out.
set -eu

command -v Rscript >/dev/null && Rscript -e 'library(data.table); library(readxl)' >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    echo "installing R for the test of its page" >&2
    $as_root apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends r-base-core r-cran-data.table r-cran-readxl >/dev/null
else
    echo "warning: without R its page is not tested" >&2
fi
