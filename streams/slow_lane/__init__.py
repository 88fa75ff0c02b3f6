"""Analyses that take long, in processes of their own.

The worker's main thread tries each output with a short deadline. What exceeds it is analysed here with the full one,
while the worker goes on with other partitions.

    message.py     executions and analyses as lines
    program.py     the process: a line in, a line out
    slow_lane.py   SlowLane: asks it, and lives with its end
"""
