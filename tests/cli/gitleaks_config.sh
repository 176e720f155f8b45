# Rules that users bring in the form of gitleaks.toml.
set +e
only="--only unsecured-credentials/generic_literal"
mkdir src
cat > rules.toml <<'TOML'
title = "ours"
[[rules]]
id = "acme-token"
description = "ACME deployment token"
regex = '''acme_(?P<kind>live|test)_([a-z0-9]{12})\b'''
secretGroup = 2
entropy = 2.5
keywords = ["ACME_"]
  [[rules.allowlists]]
  regexTarget = "line"
  regexes = ['''# sample''']
  [[rules.allowlists]]
  stopwords = ["aaaaaa"]
[[rules]]
id = "no-keyword"
description = "Ticket of the door"
regex = '''(?i)door[-_]ticket\s*=\s*"([0-9]{6})"'''
path = '''\.cfg$'''
[[rules]]
id = "keystore"
description = "Key store of the build"
path = '''\.keystore$'''
[[allowlists]]
paths = ['''^src/vendored/''']
TOML
printf 'x = "acme_live_a1b2c3d4e5f6"\ny = "acme_live_q9w8e7r6t5y4"  # sample\nz = "acme_test_aaaaaa123456"\n' > src/a.py
printf 'door_ticket = "831746"\n' > src/b.cfg
printf 'door_ticket = "831746"\n' > src/b.txt
printf 'binary' > src/c.keystore
mkdir src/vendored && cp src/a.py src/vendored
"$PARAPET" scan src $only > none.txt; [ $? = 0 ] || fail "found without the rules"
"$PARAPET" scan src $only --gitleaks-config rules.toml > out.txt; code=$?
[ $code = 1 ] || fail "nothing found with the rules: $code"
grep -q 'src/a.py:1:16' out.txt || fail "the token's own place is not named: $(cat out.txt)"
grep -q 'ACME deployment token' out.txt || fail "the description is not shown"
! grep -q 'a1b2c3d4e5f6' out.txt || fail "the secret is shown"
! grep -q 'src/a.py:2' out.txt || fail "an allowed line is found"
! grep -q 'src/a.py:3' out.txt || fail "a stop word is found"
grep -q 'src/b.cfg:1:16' out.txt || fail "the rule without a keyword does not fire"
! grep -q 'src/b.txt' out.txt || fail "the rule fires in a file that its path does not name"
grep -q 'src/c.keystore' out.txt || fail "the rule of a path does not fire"
! grep -q 'vendored' out.txt || fail "an allowed path is found"

# One file extends another; our own kinds stand in for the tool's.
mkdir conf
cat > conf/more.toml <<'TOML'
[extend]
path = "../rules.toml"
useDefault = true
disabledRules = ["no-keyword"]
[[rules]]
id = "other"
regex = '''other-[0-9]{8}'''
TOML
printf 'k = other-12345678\n' > src/d.txt
"$PARAPET" scan src $only --gitleaks-config conf/more.toml > out.txt
grep -q 'src/d.txt' out.txt || fail "the extending file's rule does not fire"
grep -q 'src/a.py:1' out.txt || fail "the extended file's rule does not fire"
! grep -q 'src/b.cfg' out.txt || fail "a disabled rule fires"
grep -q "own kinds stand in" out.txt || fail "useDefault is not told"

# Mistakes are told with file and rule.
wrong() {  # TEXT EXPECTED
  printf '%b' "$1" > wrong.toml
  "$PARAPET" scan src --gitleaks-config wrong.toml > /dev/null 2> err.txt; code=$?
  [ $code = 2 ] || fail "'$1' gives $code"
  grep -q "wrong.toml" err.txt || fail "the error does not name the file: $(cat err.txt)"
  grep -q "$2" err.txt || fail "the error says: $(cat err.txt)"
}
wrong '[[rules]]\nid = "x"\nregex = "a(b"\n' 'x'
wrong '[[rules]]\nregex = "ab"\n' 'line 1'
wrong '[[rules]]\nid = "x"\n' 'neither regex nor path'
wrong 'title = "x"\n' 'no \[\[rules'
wrong '[[rules]\n' 'line 1'
wrong '[extend]\npath = "wrong.toml"\n[[rules]]\nid = "x"\nregex = "abc"\n' 'deep'
"$PARAPET" scan src --gitleaks-config missing.toml > /dev/null 2> err.txt; [ $? = 2 ] || fail "a missing file is no error"
exit 0
