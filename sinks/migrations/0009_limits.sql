-- What a reader could not show is refused, so that it becomes a dead letter: text that is no UTF-8, and times that a
-- DateTime of the views does not hold (an agent's clock may be wrong by years, not by a century; an id's time decides the
-- partition). The sink knows the same limits (sinks/sieve.py). Rows that are there already are not looked at.
ALTER TABLE commands
    ADD CONSTRAINT IF NOT EXISTS times_are_of_this_age CHECK
        started_at >= toDateTime64('1970-01-01', 6, 'UTC') AND started_at < toDateTime64('2100-01-01', 6, 'UTC')
        AND ended_at >= toDateTime64('1970-01-01', 6, 'UTC') AND ended_at < toDateTime64('2100-01-01', 6, 'UTC')
        AND analyzed_at >= toDateTime64('1970-01-01', 6, 'UTC') AND analyzed_at < toDateTime64('2100-01-01', 6, 'UTC')
        AND UUIDv7ToDateTime(event_id, 'UTC') < toDateTime64('2100-01-01', 3, 'UTC'),
    ADD CONSTRAINT IF NOT EXISTS text_is_utf8 CHECK
        isValidUTF8(tenant_id) AND isValidUTF8(device_id) AND isValidUTF8(hostname) AND isValidUTF8(agent_id)
        AND isValidUTF8(agent_version) AND isValidUTF8(user_id) AND isValidUTF8(ifNull(session_id, ''))
        AND isValidUTF8(ifNull(trace_id, '')) AND isValidUTF8(redaction_version) AND isValidUTF8(output_sha256)
        AND isValidUTF8(os_type) AND isValidUTF8(command) AND isValidUTF8(output) AND isValidUTF8(command_template)
        AND isValidUTF8(arrayStringConcat(mapKeys(labels))) AND isValidUTF8(arrayStringConcat(mapValues(labels)))
        AND isValidUTF8(parser) AND isValidUTF8(parser_version) AND isValidUTF8(rules_version) AND isValidUTF8(verdict)
        AND isValidUTF8(summary)
        AND isValidUTF8(arrayStringConcat(mapKeys(facts))) AND isValidUTF8(arrayStringConcat(mapValues(facts)))
        AND isValidUTF8(arrayStringConcat(findings.kind)) AND isValidUTF8(arrayStringConcat(findings.severity))
        AND isValidUTF8(arrayStringConcat(findings.subject)) AND isValidUTF8(arrayStringConcat(findings.evidence))
        AND isValidUTF8(arrayStringConcat(arrayMap(
            one -> concat(arrayStringConcat(mapKeys(one)), arrayStringConcat(mapValues(one))), findings.facts)));
