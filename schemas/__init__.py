"""The event contracts: Avro schemas, wire format, registries, compatibility and datum splicing."""
