# A scan that finds nothing says what it looked at, and never that all is well.
mkdir estate
printf '\200\004K\001.' > estate/model.pkl
"$PARAPET" scan estate > out.txt || fail "findings in a number"
grep -q 'No rule matched in what was read' out.txt || fail "the verdict is missing"
grep -q '1 artifact' out.txt || fail "it does not say what was looked at"
grep -qiE '\b(safe|clean|secure|no threats)\b' out.txt && fail "it promises something"
"$PARAPET" scan estate -f json > one.json && "$PARAPET" scan "$PWD/estate" -f json > two.json
grep -q "$PWD" two.json && fail "an absolute path in the report"
"$PARAPET" scan estate -f json | cmp -s - one.json || fail "two scans differ"
exit 0
