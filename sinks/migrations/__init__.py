"""The numbered migrations, `NNNN_name.sql`: never edited once released, each statement idempotent, ended by `;`."""
