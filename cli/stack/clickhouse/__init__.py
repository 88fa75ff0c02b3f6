"""An embedded ClickHouse server: the engine as a library (chDB) behind ClickHouse's HTTP protocol."""
