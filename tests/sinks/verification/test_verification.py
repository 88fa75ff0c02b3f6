"""The verification between a real broker and a real ClickHouse."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from runtime.errors import NetcopilotError
from schemas.topics import ANALYZED, EXECUTED
from sinks.verification.report import Check, Status
from sinks.verification.selection import Selection
from sinks.verification.settings import VerifySettings
from tests.sinks.verification.conftest import Verify
from tests.sinks.verification.pipeline import Pipeline, analyzed, executed, executions


def test_what_went_the_whole_way_is_clean(pipeline: Pipeline, verify: Verify) -> None:
    pipeline.carry(executions(range(1, 41)))
    report = verify()
    assert report.clean
    assert {check.name: check.total(Status.OK) for check in report.checks} == {
        "sequences": 40,
        "executed": 40,
        "analyzed": 40,
        "places": 40,
        "rows": 40,
    }
    assert {line.status for check in report.checks for line in check.lines} == {Status.OK}
    assert pipeline.client.query("SELECT count() FROM system.tables WHERE name LIKE 'verification_%'").first_row == (0,)


def test_empty_topics_are_clean(pipeline: Pipeline, verify: Verify) -> None:
    assert verify().clean


def test_a_deleted_row_is_lost(pipeline: Pipeline, verify: Verify) -> None:
    records = executions(range(1, 11))
    pipeline.carry(records)
    pipeline.client.command(f"DELETE FROM commands WHERE event_id = '{records[4]['event_id']}'")
    assert _found(verify.check("analyzed"), Status.LOST) == [str(records[4]["event_id"])]


def test_a_message_that_was_never_written_is_lost(pipeline: Pipeline, verify: Verify) -> None:
    records = executions(range(1, 11))
    pipeline.execute(records)
    pipeline.analyze(records)
    pipeline.write(records[:9])
    pipeline.commit()
    pipeline.keep()
    report = verify()
    assert not report.clean
    faults = {check.name: check.total(Status.LOST) for check in report.checks if check.total(Status.LOST)}
    assert faults == {"analyzed": 1}


def test_a_message_that_was_never_analysed_is_lost(pipeline: Pipeline, verify: Verify) -> None:
    records = executions(range(1, 11))
    pipeline.execute(records)
    pipeline.analyze(records[1:])
    pipeline.write(records[1:])
    pipeline.commit()
    pipeline.keep()
    assert _found(verify.check("executed"), Status.LOST) == [str(records[0]["event_id"])]


def test_what_is_on_its_way_is_not_yet_there(pipeline: Pipeline, verify: Verify) -> None:
    records = executions(range(1, 31))
    pipeline.carry(records[:10])
    pipeline.execute(records[10:])
    pipeline.analyze(records[10:20])
    report = verify()
    assert report.clean
    late = {check.name: check.total(Status.NOT_YET) for check in report.checks}
    assert late == {"sequences": 0, "executed": 10, "analyzed": 10, "places": 0, "rows": 0}


def test_dead_letters_are_accounted_for(pipeline: Pipeline, verify: Verify) -> None:
    records = executions(range(1, 11))
    pipeline.carry(records[:8])
    pipeline.execute(records[8:9])
    pipeline.bury(EXECUTED, 1, 4, executed(records[8]))
    pipeline.execute(records[9:])
    pipeline.analyze(records[9:])
    pipeline.bury(ANALYZED, 0, 4, analyzed(records[9]))
    pipeline.commit()
    pipeline.keep()
    report = verify()
    assert report.clean
    buried = {check.name: check.total(Status.DEAD) for check in report.checks}
    assert buried == {"sequences": 0, "executed": 1, "analyzed": 1, "places": 0, "rows": 0}


@pytest.mark.parametrize("value", [None, b"", b"\x07rubbish", b"\0\0\0\0\x01" + b"\xff" * 60])
def test_what_nobody_can_read_is_known_by_its_place(value: bytes | None, pipeline: Pipeline, verify: Verify) -> None:
    pipeline.carry(executions(range(1, 5)))
    offset = pipeline.publish(EXECUTED, 0, value)
    pipeline.flush()
    pipeline.commit()
    assert _found(verify.check("executed"), Status.LOST) == [f"offset {offset}"]
    pipeline.bury(EXECUTED, 0, offset, value)
    assert verify().clean


def test_a_second_row_waits_for_the_merge(pipeline: Pipeline, verify: Verify) -> None:
    records = executions(range(1, 11))
    pipeline.client.command("SYSTEM STOP MERGES commands")
    pipeline.carry(records)
    pipeline.write(records[:3], token="again")
    report = verify()
    rows = report.checks[-1]
    assert (rows.total(Status.OK), rows.total(Status.NOT_YET), rows.total(Status.DUPLICATED)) == (7, 3, 0)
    assert report.clean


def test_a_second_row_that_no_merge_removes_is_a_duplicate(pipeline: Pipeline, verify: Verify) -> None:
    records = executions(range(1, 11))
    pipeline.carry(records)
    twin = records[5] | {"device_id": "elsewhere"}
    pipeline.write([twin], token="twin")
    assert _found(verify.check("rows"), Status.DUPLICATED) == [str(twin["event_id"])]
    assert not verify().clean


def test_numbers_that_nobody_saw_are_lost(pipeline: Pipeline, verify: Verify) -> None:
    pipeline.carry(executions([1, 2, 3, 7, 8, 10]))
    pipeline.carry(executions([5, 6], agent="other"))
    check = verify.check("sequences")
    assert {line.subject: line.counts[Status.LOST] for line in check.lines} == {"acme / agent": 4, "acme / other": 0}
    assert _found(check, Status.LOST) == ["4-6", "9"]


def test_a_number_before_a_fresh_event_may_still_come(pipeline: Pipeline, verify: Verify) -> None:
    pipeline.carry(executions([1, 3], minutes_ago=60))
    pipeline.carry(executions([5], minutes_ago=0))
    check = verify(grace=600).checks[0]
    assert (_found(check, Status.LOST), _found(check, Status.NOT_YET)) == (["2"], ["4"])


def test_one_execution_under_two_ids_is_a_duplicate_and_a_number_given_anew_is_not(
    pipeline: Pipeline, verify: Verify
) -> None:
    records = executions([1, 2, 3, 4])
    copy = records[1] | {"event_id": UUID(int=records[1]["event_id"].int + 1_000)}
    reused = executions([3], minutes_ago=50)
    pipeline.carry([*records, copy, *reused])
    check = verify.check("sequences")
    assert _found(check, Status.DUPLICATED) == ["2"]
    assert check.total(Status.DUPLICATED) == 1
    assert "1 numbers stand for two executions" in check.lines[0].note


def test_a_row_that_names_anothers_place_is_stray(pipeline: Pipeline, verify: Verify) -> None:
    records = executions(range(1, 11))
    pipeline.carry(records)
    forged = executions([98])[0] | {"place": records[1]["place"], "sequence": 0}
    pipeline.write([forged], token="forged")
    assert _found(verify.check("places"), Status.STRAY) == [str(forged["event_id"])]


def test_a_selection_keeps_to_tenant_agent_and_time(pipeline: Pipeline, verify: Verify) -> None:
    pipeline.carry(executions([1, 3], agent="broken", minutes_ago=600))
    pipeline.carry(executions([1, 2], agent="sound", minutes_ago=60))
    now = datetime.now(UTC)
    assert not verify().clean
    assert verify(Selection(agent="sound")).clean
    assert verify(Selection(tenant="nobody")).clean
    assert verify(Selection(since=now - timedelta(hours=2))).clean
    assert not verify(Selection(until=now - timedelta(hours=2))).clean
    assert verify(Selection(since=now - timedelta(hours=2))).checks[-1].total(Status.OK) == 2


def test_more_ids_than_a_statement_holds_are_asked_in_shares(
    pipeline: Pipeline, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sinks.verification.ledger._IDS_AT_ONCE", 10)
    records = executions(range(1, 41))
    pipeline.carry(records)
    pipeline.client.command(f"DELETE FROM commands WHERE event_id = '{records[4]['event_id']}'")
    report = verify()
    totals = {check.name: check.total(Status.OK) for check in report.checks}
    assert totals == {"sequences": 40, "executed": 40, "analyzed": 39, "places": 39, "rows": 39}
    assert _found(report.checks[2], Status.LOST) == [str(records[4]["event_id"])]


def test_without_topics_nothing_is_claimed(pipeline: Pipeline, verify_settings: VerifySettings) -> None:
    elsewhere = verify_settings.model_copy(update={"kafka_topic_prefix": "nowhere."})
    with pytest.raises(NetcopilotError):
        Verify(elsewhere)()


def _found(check: Check, status: Status) -> list[str]:
    return [name for line in check.lines for name in line.examples.get(status, ())]
