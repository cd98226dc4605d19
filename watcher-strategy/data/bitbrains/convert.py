#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes bitbrains-50.csv.gz from OpenDC's Parquet files; needs pyarrow. Usage: convert.py DIRECTORY_OF_THE_PARQUET_FILES"""
import gzip
import io
import os
import sys

from pyarrow import parquet

STEP = 300
HEADER = """\
# CPU use of 50 VMs of Bitbrains, 12 August to 11 September 2013, in percent of each VM's cores; README.md tells the origin.
step_seconds,300
vm,cores,memory_mib,cpu_percent
"""

source = sys.argv[1]
vms = parquet.read_table(os.path.join(source, 'bitbrains-small-meta.parquet')).to_pylist()
rows = parquet.read_table(os.path.join(source, 'bitbrains-small-trace.parquet')).to_pylist()
begin = min(vm['start_time'] for vm in vms)
steps = round((max(vm['stop_time'] for vm in vms) - begin).total_seconds() / STEP)
values = {vm['id']: [''] * steps for vm in vms}
capacity = {vm['id']: vm['cpu_capacity'] for vm in vms}
for row in rows:  # a row holds for the time before it
    end = round((row['timestamp'] - begin).total_seconds() / STEP)
    percent = '%.1f' % min(100, 100 * row['cpu_usage'] / capacity[row['id']])
    short = percent[:-2] if percent.endswith('.0') else percent
    for step in range(max(0, end - round(row['duration'] / 1000 / STEP)), min(end, steps)):
        values[row['id']][step] = short
for steps_of_vm in values.values():  # a value is missing now and then; the one before it goes on
    used = [step for step in range(steps) if steps_of_vm[step]]
    for step in range(used[0], used[-1]):
        steps_of_vm[step] = steps_of_vm[step] or steps_of_vm[step - 1]
text = io.StringIO()
text.write(HEADER)
for vm in sorted(vms, key=lambda each: int(each['id'])):
    memory = max(16, round(vm['mem_capacity'] / 1024))
    text.write('b%s,%d,%d,%s\n' % (vm['id'], vm['cpu_count'], memory, ','.join(values[vm['id']])))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'bitbrains-50.csv.gz'), 'wb') as file:
    with gzip.GzipFile(filename='', mode='wb', fileobj=file, mtime=0) as packed:
        packed.write(text.getvalue().encode())
