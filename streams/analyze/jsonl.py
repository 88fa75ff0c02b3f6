"""The line protocol: a request a line in, an answer a line out, in order."""

from collections.abc import Callable, Iterable
from typing import BinaryIO

from streams.analyze.answer import Json, error_of, to_line
from streams.analyze.request import Request, RequestError, RequestReader

Respond = Callable[[Request], Json]


def respond_to_lines(lines: Iterable[bytes], out: BinaryIO, reader: RequestReader, respond: Respond) -> bool:
    """Answer each line that is not blank and flush; return whether all of them were requests.

    A line that is none gets an error in its answer's place, and the run goes on.
    """
    good = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            answer = respond(reader.read(line))
        except RequestError as error:
            answer = error_of(error.code, str(error), line=number)
            good = False
        out.write(to_line(answer))
        out.flush()
    return good
