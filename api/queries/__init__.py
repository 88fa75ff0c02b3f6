"""What the API asks of ClickHouse. Every statement is parameterised and binds the tenant."""
