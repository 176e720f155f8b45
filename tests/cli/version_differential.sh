# Our order of versions and our specifiers against those of Python's own packaging library, where pip brings it.
python3 -c 'import pip._vendor.packaging.version' 2>/dev/null || skip "python3 with pip is not there"
cat > ask.py <<'PY'
import itertools, random, subprocess, sys
from pip._vendor.packaging.version import Version
from pip._vendor.packaging.specifiers import SpecifierSet
random.seed(440)
def one():
    v = '.'.join(str(random.choice([0, 0, 1, 2, 10])) for _ in range(random.randint(1, 3)))
    if random.random() < .1: v = '1!' + v
    if random.random() < .3: v += random.choice(['a', 'b', 'rc', '-alpha.', '_BETA', '.c']) + str(random.randint(0, 2))
    if random.random() < .2: v += random.choice(['.post', '-', 'r']) + str(random.randint(0, 2))
    if random.random() < .2: v += '.dev' + str(random.randint(0, 2))
    if random.random() < .15: v += '+' + random.choice(['a', '1', 'a.1', '2'])
    return v
def spec():
    op = random.choice(['==', '!=', '<', '<=', '>', '>=', '~='])
    v = str(Version(one()))  # the library compares the text of ~= and ==x.*, so its spelling
    if op not in ('==', '!='): v = v.split('+')[0]
    if op == '~=' and '.' not in v.split('a')[0].split('-')[0]: v = '1.' + v.split('!')[-1]
    if op in ('==', '!=') and random.random() < .3: v = '.'.join(str(random.choice([0, 1, 2])) for _ in range(random.randint(1, 2))) + '.*'
    return op + v
lines, want = [], []
for _ in range(4000):
    a, b = one(), one()
    lines.append(f'{a} {b}'); want.append(str((Version(a) > Version(b)) - (Version(a) < Version(b))))
for _ in range(6000):
    s, v = spec(), one()
    # 1a2 and 1.post1 are not taken for a 1.0.* there, against the padding with zeros that the PEP asks for.
    if s.endswith('.*') or s.startswith('~='): v = Version(v).base_version
    try: known = SpecifierSet(s, prereleases=True)
    except Exception: continue
    lines.append(f'{s} {v}'); want.append('yes' if known.contains(v, prereleases=True) else 'no')
got = subprocess.run([sys.argv[1]], input='\n'.join(lines) + '\n', text=True, capture_output=True).stdout.split('\n')
wrong = [(l, w, g) for l, w, g in zip(lines, want, got) if w != g]
print(len(lines), 'asked,', len(wrong), 'differ', wrong[:8])
sys.exit(bool(wrong) or len(lines) < 8000)
PY
python3 ask.py "$VERSIONS" || fail "versions differ from Python's"
exit 0
