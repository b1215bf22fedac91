#!/bin/sh
# Puts the official DuckDB library into vendor/duckdb, where cargo links it (.cargo/config.toml).
#
# It comes from DuckDB's own npm package, is checked by its sha256, and is kept in the user's cache
# folder, so that the next clone needs no network.
set -eu

version=1.5.6
release=1.5.6-r.1
package=@duckdb/node-bindings-linux-x64
sha256=3f4962cdd266eab2b479a5b5a4a6d063d279b2954ae814ed00385d553b747633

here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/chiso/duckdb-$version
target=$here/vendor/duckdb

is_right() {
    [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d ' ' -f 1)" = "$sha256" ]
}

explain() {
    echo "error: $1" >&2
    echo "hint: build DuckDB from source instead: cargo run --features bundled -- run (about an hour)" >&2
    exit 1
}

# A link that was made from a checked file needs no second look.
if [ -f "$target/libduckdb.so" ] && [ "$(cat "$target/sha256" 2>/dev/null)" = "$sha256" ]; then
    exit 0
fi

if ! is_right "$cache/libduckdb.so"; then
    [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || explain "no prebuilt DuckDB is fetched for $(uname -s) on $(uname -m)"
    command -v npm >/dev/null || explain "npm is needed once, to fetch the DuckDB library"
    echo "fetching DuckDB $version ($package $release)" >&2
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    (cd "$work" && npm pack --silent "$package@$release" >/dev/null) || explain "npm could not fetch $package $release"
    tar -xzf "$work"/*.tgz -C "$work" package/libduckdb.so
    is_right "$work/package/libduckdb.so" || explain "the fetched library has another sha256 than expected"
    mkdir -p "$cache"
    mv "$work/package/libduckdb.so" "$cache/libduckdb.so.part"
    mv "$cache/libduckdb.so.part" "$cache/libduckdb.so"
fi

mkdir -p "$target"
ln -f "$cache/libduckdb.so" "$target/libduckdb.so" 2>/dev/null || cp "$cache/libduckdb.so" "$target/libduckdb.so"
echo "$sha256" > "$target/sha256"
