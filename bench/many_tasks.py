#!/usr/bin/env python3
"""Writes a Celery worker's log of very many tasks to standard output, to see what gainsay keeps of each:

    bench/many_tasks.py --open 10000000   | /usr/bin/time -v build/gainsay scan -
    bench/many_tasks.py --closed 10000000 | /usr/bin/time -v build/gainsay scan -

Open tasks were received and never end; closed ones succeed a few hundred lines later, with nothing lost. The
lines are as short as a worker writes them.
"""
import argparse
import random
import sys
import time

START = 1780200720  # 2026-05-31T04:12:00Z
EVERY_MS = 3
RUNNING = 500  # tasks at a time


def stamps():
    """A worker's time stamp for each line, a few milliseconds apart."""
    second, text, ms = START - 1, "", 1000
    while True:
        if ms >= 1000:
            second, ms = second + 1, ms - 1000
            text = time.strftime("[%Y-%m-%d %H:%M:%S,", time.gmtime(second))
        yield f"{text}{ms:03d}: INFO/"
        ms += EVERY_MS


def task_id(draw):
    digits = f"{draw(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", type=int, default=0, metavar="N")
    parser.add_argument("--closed", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed).getrandbits
    stamp = stamps()
    write = sys.stdout.write
    running = []

    def end(task):
        write(f"{next(stamp)}ForkPoolWorker-{draw(3) + 1}] Task media.reindex[{task}] succeeded in 0.{draw(30)}s: None\n")

    for number in range(options.closed + options.open):
        task = task_id(draw)
        write(f"{next(stamp)}MainProcess] Task media.reindex[{task}] received\n")
        if number >= options.closed:
            continue
        running.append(task)
        if len(running) > RUNNING:
            # Not the oldest: workers don't end in order.
            at = draw(8)
            running[at], running[-1] = running[-1], running[at]
            end(running.pop(0) if at == 0 else running.pop())
    for task in running:
        end(task)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.exit(0)
