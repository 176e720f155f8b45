# What is accepted: by a comment beside it, by a file, by an earlier report. It stays in the report, with its reason.
pickle='cos
system
(S"true"
tR.'
set +e

# By a comment on the line, and in the comment lines above; not by a word that names another rule, nor without a reason.
cat > compose.yaml <<'YAML'
services:
  tracking:
    image: ghcr.io/mlflow/mlflow:v2.14.1
    # parapet: allow mlflow_open reached through the VPN only until 2031-01-31
    # (ask the platform team)
    command: mlflow server --host 0.0.0.0
    ports: ["5000:5000"]
YAML
rule=insecure-accounts/mlflow_open
"$PARAPET" scan compose.yaml --only $rule > plain.txt; code=$?
[ $code = 0 ] || fail "an allowed finding gives $code"
grep -q '1 accepted and not counted' plain.txt || fail "the closing line does not count what is accepted"
"$PARAPET" scan compose.yaml --only $rule -v | grep -q 'reached through the VPN only, until 2031-01-31' || fail "--verbose does not give the reason"
"$PARAPET" scan compose.yaml --only $rule --no-comments > /dev/null; code=$?
[ $code = 1 ] || fail "--no-comments gives $code"
SOURCE_DATE_EPOCH=1930000000 "$PARAPET" scan compose.yaml --only $rule > over.txt; code=$?
[ $code = 1 ] || fail "an allowance that is over gives $code"
grep -q 'ended on 2031-01-31' over.txt || fail "nothing says that it is over"
sed -i 's/ reached.*//' compose.yaml
"$PARAPET" scan compose.yaml --only $rule > bare.txt; code=$?
[ $code = 1 ] || fail "an allowance without a reason gives $code"
grep -q 'gives no reason' bare.txt || fail "nothing says that the reason is missing"
sed -i 's/allow mlflow_open/allow gradio_open behind a proxy/' compose.yaml
"$PARAPET" scan compose.yaml --only $rule > /dev/null; code=$?
[ $code = 1 ] || fail "an allowance of another rule gives $code"

# What lies in an archive does not speak for itself.
mkdir inner && cp compose.yaml inner/ && sed -i 's/allow gradio_open/allow mlflow_open/' inner/compose.yaml
"$PARAPET" scan inner --only $rule > /dev/null || fail "the comment in a folder does not hold"
tar cf inner.tar inner
"$PARAPET" scan inner.tar --only $rule > /dev/null; code=$?
[ $code = 1 ] || fail "the comment in an archive gives $code"

# By a file: rule, path, reason, last day. Stale and expired entries are told.
mkdir -p models/old models/new
printf '%s' "$pickle" > models/old/a.pkl
printf '%s' "$pickle" > models/new/b.pkl
cat > allow.yaml <<'YAML'
allow:
  - {rule: model-integrity/*, path: 'old/**', reason: kept as evidence, until: 2031-01-31}
  - {rule: gradio_open, reason: there was one}
YAML
"$PARAPET" scan models --allow allow.yaml -f json -o r.json; code=$?
[ $code = 1 ] || fail "the other model gives $code"
grep -q '"artifact":"models/new/b.pkl"' r.json || grep -q '"artifact": *"models/new/b.pkl"' r.json || fail "the other model is not reported"
grep -q 'kept as evidence' r.json || fail "the reason is not in the report"
"$PARAPET" scan models --allow allow.yaml > r.txt
grep -q 'allow.yaml, line 3 accepts nothing' r.txt || fail "nothing tells of the stale entry"
for wrong in 'allow: [{rule: x}]' 'allow: [{reason: x}]' 'allow: [{rule: x, reason: y, until: soon}]' 'allow: [{rul: x, reason: y}]' 'x: 1'; do
  printf '%s\n' "$wrong" > wrong.yaml
  "$PARAPET" scan models --allow wrong.yaml > /dev/null 2> err.txt; code=$?
  [ $code = 2 ] || fail "'$wrong' gives $code"
  grep -q 'wrong.yaml' err.txt || fail "the error does not name the file: $(cat err.txt)"
done

# By an earlier report: only what is new; of what stands for many places the new places.
printf 'numpy\nscipy\n' > models/requirements.txt
"$PARAPET" scan models -f json -o base.json
"$PARAPET" scan models --baseline base.json > none.txt; code=$?
[ $code = 0 ] || fail "nothing new gives $code"
printf '# moved\nnumpy\nscipy\npandas\n' > models/requirements.txt
"$PARAPET" scan models --baseline base.json --fail-on low > new.txt; code=$?
[ $code = 1 ] || fail "a new place gives $code"
grep -q 'pandas' new.txt || fail "the new place is not named"
! grep -q 'scipy' new.txt || fail "an old place is named again"
exit 0
