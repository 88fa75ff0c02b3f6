import pytest

from cli.stack.clickhouse.errors import ClickHouseError
from cli.stack.clickhouse.form import is_form, read_form

_TYPE = "multipart/form-data; boundary=xyz"


def test_fields_and_files_are_told_apart_and_files_stay_as_they_are() -> None:
    binary = bytes(range(256)) + b"\r\n--xy\r\n\n"
    body = (
        b'--xyz\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT 1\r\n'
        b'--xyz\r\nContent-Type: x/y\r\nContent-Disposition: form-data; name="t"; filename="t.bin"\r\n\r\n'
        + binary
        + b"\r\n--xyz--\r\n"
    )
    form = read_form(body, _TYPE)
    assert form.fields == {"query": "SELECT 1"}
    assert form.files == {"t": binary}


def test_an_external_table_takes_its_columns_from_the_parameters() -> None:
    body = b'--xyz\r\nContent-Disposition: form-data; name="t"; filename="t"\r\n\r\n1\r\n--xyz--'
    form = read_form(body, _TYPE)
    (named,) = form.external({"t_structure": "a Int32", "t_format": "CSV"})
    (numbered,) = form.external({"t_types": "Decimal(9, 2),String"})
    assert (named.structure, named.format) == ("a Int32", "CSV")
    assert (numbered.structure, numbered.format) == ("_1 Decimal(9, 2), _2 String", "TabSeparated")
    with pytest.raises(ClickHouseError, match="t_structure"):
        form.external({})


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"--xyz--", "multipart/form-data", "boundary"),
        (b"--xyz\r\nContent-Disposition: form-data\r\n\r\n1\r\n--xyz--", _TYPE, "no name"),
        (b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', _TYPE, "closing boundary"),
    ],
)
def test_a_malformed_form_is_refused(body: bytes, content_type: str, reason: str) -> None:
    with pytest.raises(ClickHouseError, match=reason):
        read_form(body, content_type)


def test_only_multipart_bodies_are_forms() -> None:
    assert is_form(_TYPE)
    assert not is_form("text/plain")
