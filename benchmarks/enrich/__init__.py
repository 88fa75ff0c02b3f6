"""One worker process on a backlog, beside what people would otherwise write for the same work.

load.py        the messages: outputs that were analysed before, and a fleet's mixed ones
stage.py       broker and Redis; topics of one run, filled, counted, read and dropped
contender.py   the processes that are measured, and how each is started
meter.py       what a run costs: events, seconds, processor time, memory
race.py        one contender on one backlog
agreement.py   whether two contenders said the same of the same events
peers/         the same work in stock Faust and in Quix Streams, and a loop that only reads
"""
