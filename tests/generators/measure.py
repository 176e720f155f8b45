#!/usr/bin/env python3
"""Scans a folder of generated pickles and prints, for each of its sub-folders (a call form, a framework), the share of
files with a finding at high or above.
    measure.py PARAPET FOLDER malicious [LEAST]    exit 1 when the share over all is below LEAST (0.995); misses by name
    measure.py PARAPET FOLDER benign               exit 1 when any file has one; those by name"""
import collections
import json
import os
import subprocess
import sys


def main():
    program, folder, expected = sys.argv[1:4]
    least = float((sys.argv[4:] or ['0.995'])[0])
    run = subprocess.run([program, 'scan', folder, '--format', 'json', '--no-progress', '--fail-on', 'never'], capture_output=True)
    if run.returncode != 0:
        sys.exit(run.stderr.decode())
    report = json.loads(run.stdout)
    worst, order = {}, ['info', 'low', 'medium', 'high', 'critical']
    for finding in report['findings']:
        path = finding['artifact'].split('!/')[0].removeprefix(os.path.basename(os.path.abspath(folder)) + '/')
        told = (order.index(finding['severity']), finding['message'])
        worst[path] = max(worst.get(path, told), told)
    total, high, names = collections.Counter(), collections.Counter(), []
    for base, folders, files in os.walk(folder):
        folders.sort()
        for f in sorted(files):
            path = os.path.relpath(os.path.join(base, f), folder)
            form = path.split(os.sep)[0]
            total[form] += 1
            severity, message = worst.get(path, (-1, 'nothing'))
            high[form] += severity >= 3
            if (severity >= 3) != (expected == 'malicious'):
                names.append(f'{path}: {order[severity] if severity >= 0 else "no finding"}: {message}')
    for form in sorted(total):
        print(f'{form:28} {high[form]:6} of {total[form]:6}  {high[form] / total[form]:7.1%}')
    share = sum(high.values()) / max(1, sum(total.values()))
    print(f'{"all":28} {sum(high.values()):6} of {sum(total.values()):6}  {share:7.2%} at high or above')
    for line in names[:400]:
        print('   ', line)
    sys.exit(share < least if expected == 'malicious' else bool(names))


main()
