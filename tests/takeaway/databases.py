"""Both DuckDB files, opened by the DuckDB that is installed: the same numbers, with comments.

Usage: databases.py DATABASE EXPORT_FOLDER
"""

import sys

import duckdb

from published import folder, observations, same

database, export = folder(sys.argv[1]), folder(sys.argv[2])
taken = export / "takeaway.duckdb"
print(f"DuckDB {duckdb.__version__}")
same("takeaway.duckdb", observations(taken), observations(database))
with duckdb.connect(str(taken), read_only=True) as connection:
    bare = connection.execute("""
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE schema_name = 'published' AND comment IS NULL
    """).fetchall()
    assert not bare, bare
    tables = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NOT NULL").fetchall()]
    assert "observation" in tables and "reject" not in tables, tables
