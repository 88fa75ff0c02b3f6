-- How many ids there are to be compared.
SELECT (SELECT count() FROM {ledger:Identifier}) + (SELECT count() FROM commands)
