# The kinds of credentials are listed and explained; no explanation is a stub.
"$PARAPET" credentials > list.txt
grep -q '^[0-9]* kinds of credentials' list.txt || fail "the list has no head"
[ "$(sed -n '1s/ .*//p' list.txt)" -ge 250 ] || fail "fewer than 250 kinds"
"$PARAPET" credentials huggingface-token > one.txt
for word in 'Hugging Face' revoke can pattern; do grep -q "$word" one.txt || fail "no '$word' in the explanation"; done
set +e
"$PARAPET" credentials no-such-kind > /dev/null 2> err.txt; [ $? = 2 ] || fail "an unknown kind is no error"
grep -q 'no-such-kind' err.txt || fail "the error does not name it"
"$PARAPET" credentials -f xml > /dev/null 2>&1; [ $? = 2 ] || fail "an unknown format is no error"
if command -v python3 > /dev/null; then
  "$PARAPET" credentials -f json | python3 -c '
import json, sys
kinds = json.load(sys.stdin)["kinds"]
assert len({k["id"] for k in kinds}) == len(kinds) >= 250
assert all(len(k["can"]) > 8 and len(k["revoke"]) > 8 and k["powers"] for k in kinds), [k["id"] for k in kinds if len(k["can"]) <= 8 or len(k["revoke"]) <= 8 or not k["powers"]]' || fail "the JSON is not whole"
fi
exit 0
