"""A Faust transport that moves micro-batches: one Faust message for each partition and fetch.

Faust spends about 100 microseconds on every message in its fetch loop. Here a message's value is the whole list of
records a fetch brought for one partition, and its offset is the last record's, so that cost is paid once a batch.
Faust keeps doing what it is for: assignment, flow control, acknowledgement, commits, supervision.

    batch.py       RecordBatch: what one message holds
    ledger.py      OffsetLedger: which offset may be committed
    codec.py       BatchCodec: for the topics an app reads
    consumer.py    MicroBatchConsumer: Faust's aiokafka consumer, batch-wise
    transport.py   MicroBatchTransport: what an app is given
"""
