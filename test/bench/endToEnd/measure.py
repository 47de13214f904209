#!/usr/bin/env python3
"""Runs a command; its output goes on, and a last line of JSON on standard error tells wall time, processor time and peak memory."""
import json
import resource
import subprocess
import sys
import time

# A launcher that became this program (pyenv's, say) leaves the processor time of its own children behind.
before = resource.getrusage(resource.RUSAGE_CHILDREN)
started = time.perf_counter()
status = subprocess.run(sys.argv[1:]).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({'wall': time.perf_counter() - started, 'cpu': usage.ru_utime + usage.ru_stime - before.ru_utime - before.ru_stime, 'peakBytes': usage.ru_maxrss * 1024}), file=sys.stderr)
sys.exit(status)
