"""A Faust transport that moves micro-batches: one Faust message for each partition and fetch.

Faust spends about 100 microseconds on every message in its fetch loop. Here a message's value is the whole list of
records a fetch brought for one partition, and its offset is the last record's, so that cost is paid once a batch.
Faust keeps doing what it is for: assignment, flow control, acknowledgement, commits, supervision.

    batch.py       RecordBatch: what one message holds, and how far it is safe
    ledger.py      OffsetLedger: which offset may be committed
    codec.py       BatchCodec: for the topics an app reads
    options.py     DriverOptions: how it fetches
    drain.py       Drain: takes bounded portions of what was fetched, and passes over offsets without records
    thread.py      MicroBatchConsumerThread: aiokafka's thread
    consumer.py    MicroBatchConsumer: Faust's aiokafka consumer, batch-wise
    monitor.py     RecordMonitor: Faust's own numbers, in records
    transport.py   MicroBatchTransport: what an app is given

Rebalances are eager, because aiokafka knows no other protocol: every member gives up all its partitions and is given
some. A member that speaks the cooperative protocol is refused by the broker. What a rebalance finds begun ends at the
next part of it and is committed as far as it is safe, so that nobody repeats it.
"""
