#!/usr/bin/env python3
"""Writes random objects of our own with every protocol, and compares what Parapet reads with what pickletools lists:
the number of opcodes, the names that are imported, and that the stream is well formed.
    pickles.py GOLDEN_TEST FOLDER [SEED] [COUNT]
Nothing but the objects made here is ever unpickled, and not even those are loaded."""
import array
import collections
import datetime
import decimal
import fractions
import os
import pathlib
import pickle
import pickletools
import random
import re
import subprocess
import sys
import uuid


def scalar(r):
    return r.choice([
        lambda: None, lambda: True, lambda: False, lambda: r.randrange(-300, 300), lambda: r.randrange(-2**40, 2**40),
        lambda: r.randrange(-2**900, 2**900), lambda: r.random() * 10**r.randrange(-20, 20),
        lambda: ''.join(r.choice('abcé\n\\\'"\x00\u4e2d\U0001f600') for _ in range(r.choice([0, 3, 300]))),
        lambda: bytes(r.randrange(256) for _ in range(r.choice([0, 5, 300]))), lambda: bytearray(b'xy' * r.randrange(200)),
        lambda: complex(r.random(), 1), lambda: decimal.Decimal(r.randrange(10**6)) / 7, lambda: fractions.Fraction(r.randrange(99), 7),
        lambda: datetime.datetime(2024, 1, 1 + r.randrange(28), tzinfo=datetime.timezone.utc), lambda: datetime.timedelta(r.randrange(99)),
        lambda: uuid.UUID(int=r.randrange(2**128)), lambda: pathlib.PurePosixPath('/a/b'), lambda: range(r.randrange(9)),
        lambda: slice(1, 2), lambda: array.array('d', [1.5]), lambda: re.compile('a+'), lambda: ValueError('x'), lambda: len, lambda: str])()


def value(r, depth, seen):
    if depth == 0 or r.random() < 0.3:
        v = scalar(r)
    else:
        n = r.choice([0, 1, 2, 3, 5, 1500 if depth == 1 else 4])
        items = [value(r, depth - 1, seen) for _ in range(min(n, 6))] * (1 if n < 7 else n // 6)
        hashable = [i for i in items if isinstance(i, (str, int, float, bytes, type(None)))]
        v = r.choice([
            lambda: list(items), lambda: tuple(items), lambda: {str(k): i for k, i in enumerate(items)}, lambda: set(hashable),
            lambda: frozenset(hashable), lambda: collections.OrderedDict(enumerate(items)), lambda: collections.deque(items, 7),
            lambda: collections.Counter(hashable), lambda: collections.defaultdict(list, {1: items}), lambda: [r.choice(seen or [0])] * 3])()
    seen.append(v)
    return v


def listed(data):
    """Opcodes and imported names, by pickletools and a stack of our own for the names' texts."""
    texts, memo, names, count, last = [], {}, set(), 0, None
    for op, arg, _ in pickletools.genops(data):
        count += 1
        if op.name in ('GLOBAL', 'INST'):
            names.add(arg.replace(' ', '.'))
        elif op.name == 'STACK_GLOBAL':
            names.add('.'.join(texts[-2:]))
        if 'UNICODE' in op.name:
            texts.append(arg)
            last = arg
        elif op.name in ('BINGET', 'LONG_BINGET', 'GET'):
            if isinstance(memo.get(int(arg)), str):
                texts.append(memo[int(arg)])
            last = None
        elif op.name == 'MEMOIZE':
            memo[len(memo)] = last
        elif op.name in ('BINPUT', 'LONG_BINPUT', 'PUT'):
            memo[int(arg)] = last
        else:
            last = None
    return count, names


def main():
    golden_test, folder = sys.argv[1:3]
    seed, total = int((sys.argv[3:] or ['7'])[0]), int((sys.argv[4:] or ['300'])[0])
    r = random.Random(seed)
    want = {}
    for i in range(total):
        data = pickle.dumps(value(r, 4, []), protocol=i % 6)
        name = f'{i:05d}.pkl'
        with open(os.path.join(folder, name), 'wb') as f:
            f.write(data)
        want[name] = listed(data)
    subprocess.run([golden_test, 'pickle', folder], env=dict(os.environ, UPDATE='1'), stdout=subprocess.DEVNULL)
    bad = 0
    for name, (count, names) in want.items():
        text = open(os.path.join(folder, name + '.golden'), encoding='utf-8', errors='replace').read()
        stream = re.search(r'^\d+\+\d+ pickle .*? well_formed="(\w+)".*? opcodes="(\d+)"', text, re.M)
        got = set(re.findall(r'^\d+\+\d+ import of \d+ name="([^"]*)"[^\n]* how="name"', text, re.M))
        problems = []
        if not stream or stream[1] != 'yes':
            problems.append('not well formed')
        elif int(stream[2]) != count:
            problems.append(f'{stream[2]} opcodes, pickletools lists {count}')
        if got != names:
            problems.append(f'imports {sorted(got ^ names)} differ')
        if 'verdict="dangerous"' in text:
            problems.append('a dangerous verdict')
        if re.search(r'anomaly name="(?!hidden-pickle)', text):
            problems.append('an anomaly: ' + re.search(r'anomaly name=.*', text)[0])
        if problems:
            bad += 1
            print(f'seed {seed} {name} protocol {int(name[:5]) % 6}:', '; '.join(problems))
    print(f'{total - bad} of {total} agree')
    return bad != 0


sys.exit(main())
