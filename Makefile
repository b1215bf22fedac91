# The two commands of the README, and what they need.

.PHONY: report test browser bench check clean

# The main job: gathers, loads, computes, renders and exports the project in this folder.
report: vendor/duckdb
	cargo run -- run

# All tests.
test: vendor/duckdb
	scripts/chromium.sh
	scripts/browser.sh
	scripts/libreoffice.sh
	scripts/poppler.sh
	scripts/postgres.sh
	scripts/python.sh
	scripts/r.sh
	scripts/s3.sh
	cargo test
	# That the benchmark runs, on a nation of a village: its figures say nothing at this size.
	CHISO_BENCH_ONLY=nation CHISO_BENCH_DOSSIERS=10000 CHISO_BENCH_ROUNDS=1 cargo bench --profile dev --bench ratios

# Every kind of page in Chromium, in both languages; pictures of them in target/tmp/pictures.
browser: vendor/duckdb
	scripts/chromium.sh
	scripts/browser.sh
	cargo test --test browser -- --include-ignored

# Ratios to plain DuckDB, in one run.
bench: vendor/duckdb
	cargo bench --profile dev --bench ratios

# What the compiler's advisers say.
check: vendor/duckdb
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings

.PHONY: vendor/duckdb
vendor/duckdb:
	scripts/duckdb.sh

clean:
	cargo clean
	rm -rf build vendor examples/*/build tests/*/build
