# Exit codes that scripts can trust: 0 nothing, 1 findings, 2 could not.
printf 'cos\nsystem\n(S"true"\ntR.' > bad.pkl
printf '\200\004K\001.' > good.pkl
set +e
"$PARAPET" scan bad.pkl > out.txt 2> err.txt; code=$?
[ $code = 1 ] || fail "bad.pkl gives $code"
grep -q 'os.system' out.txt || fail "the report does not name os.system"
"$PARAPET" scan good.pkl > out.txt; code=$?
[ $code = 0 ] || fail "good.pkl gives $code"
"$PARAPET" scan bad.pkl --fail-on never > /dev/null; code=$?
[ $code = 0 ] || fail "--fail-on never gives $code"
"$PARAPET" scan missing.pkl > /dev/null 2> err.txt; code=$?
[ $code = 2 ] || fail "a missing target gives $code"
grep -q 'missing.pkl' err.txt || fail "the error does not name the file"
"$PARAPET" scan > /dev/null 2>&1; code=$?
[ $code = 2 ] || fail "no target gives $code"
"$PARAPET" scan bad.pkl --fail-on sometimes > /dev/null 2>&1; code=$?
[ $code = 2 ] || fail "a bad option gives $code"
"$PARAPET" scan bad.pkl -f nothing > /dev/null 2> err.txt; code=$?
[ $code = 2 ] || fail "an unknown format gives $code"
grep -q 'json' err.txt || fail "the error does not list the formats"
"$PARAPET" --help > /dev/null || fail "--help fails"
"$PARAPET" scan --help | grep -q 'pre-commit' || fail "scan --help does not teach"
head -c 3 bad.pkl > cut.pkl
"$PARAPET" scan cut.pkl > /dev/null; code=$?
[ $code = 0 ] || fail "a cut file without payload gives $code"
"$PARAPET" scan -f json -o - bad.pkl | head -c 1 | grep -q '{' || fail "json does not start with a brace"
exit 0
