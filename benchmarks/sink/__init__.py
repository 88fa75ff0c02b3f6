"""Rows a second from Kafka to visible rows: the sink, beside what people would otherwise write, and beside the limit.

events.py       analysed executions, as the workers publish them
stage.py        broker and ClickHouse; a backlog on a topic of its own, tables emptied between two ways
meter.py        what writing a backlog costs: seconds, processor time of either side, memory
sink_process.py the sink itself, as a process
row_inserts.py  the textbook: fastavro and clickhouse-connect's insert of rows
avro_file.py    the limit: ClickHouse reads the same rows from one file on its own disk
growth.py       the sink on backlogs of 1x, 10x and 100x, and on 1 to 64 partitions
"""
