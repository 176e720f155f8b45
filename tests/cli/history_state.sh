# What of a history held nothing is not read again; what had a finding is in every report.
command -v git > /dev/null || skip "git is not there"
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_CONFIG_GLOBAL=/dev/null
set +e
token=hf_$(printf 'AqW3sEd5Rf7Tg9Yh%s' UjK2loP4zXc6vBn8Ma)
git init -q -b main repo && cd repo
for i in 1 2 3 4 5; do echo "version $i of a file" > a.txt; git add -A; git commit -qm "change $i"; done
echo "HF_TOKEN=$token" > .env; git add -A; git commit -qm "settings"; git rm -q .env; git commit -qm "no settings"
cd ..
"$PARAPET" scan repo --history -f json -o plain.json; [ $? = 1 ] || fail "the token is not found"
"$PARAPET" scan repo --history --history-state state -f json -o first.json; [ $? = 1 ] || fail "the token is not found the first time"
[ -s state ] || fail "no state is written"
"$PARAPET" scan repo --history --history-state state > second.txt; [ $? = 1 ] || fail "the token is not found the second time"
grep -q "hf_A" second.txt || fail "the report is short because another came before"
grep -q 'held nothing in an earlier scan (state)' second.txt || fail "nothing says what was not read again"
python3 - <<'PY' || fail "the findings of the two scans differ"
import json, sys
ids = lambda f: sorted(x["id"] for x in json.load(open(f))["findings"])
sys.exit(ids("plain.json") != ids("first.json"))
PY
# Something new is read.
echo "TOKEN=hf_$(printf 'Zq8sWe6Rf4Tg2Yh0%s' UjK1loP3zXc5vBn7Ma)" > repo/b.txt; git -C repo add -A; git -C repo commit -qm new; git -C repo rm -q b.txt; git -C repo commit -qm old
"$PARAPET" scan repo --history --history-state state > third.txt
grep -q 'hf_Z' third.txt || fail "a new version is not read"
# Other rules judge anew; a damaged state too, and both are said.
"$PARAPET" scan repo --history --history-state state --only unsecured-credentials/provider_token | grep -q 'its rules changed' || fail "other rules do not judge anew"
"$PARAPET" scan repo --history --history-state state > /dev/null
echo junk >> state
"$PARAPET" scan repo --history --history-state state > out.txt; [ $? = 1 ] || fail "a damaged state hides the token"
grep -q 'is damaged: everything is read' out.txt || fail "the damage is not told"
printf 'something else\n' > state
"$PARAPET" scan repo --history --history-state state | grep -q 'is no state of a history' || fail "a foreign file is not told"
"$PARAPET" scan repo --history-state state > /dev/null 2>&1; [ $? = 2 ] || fail "without --history it is no error"
exit 0
