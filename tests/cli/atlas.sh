# parapet atlas: pages, words, other releases, wrong ids.
"$PARAPET" atlas > matrix.txt || fail "the matrix does not print"
grep -q "16 tactics, 170 techniques, 35 mitigations, 57 case studies" matrix.txt || fail "counts"
"$PARAPET" atlas AML.T0010.003 > page.txt || fail "a technique does not print"
grep -q "AI Supply Chain Compromise: Model" page.txt || fail "display name"
grep -q "AML.CS0023 step 6" page.txt || fail "case study with its step"
"$PARAPET" atlas t10.3 | cmp - page.txt || fail "a short id gives another page"
"$PARAPET" atlas AML.M0013 | grep -q "Code Signing" || fail "mitigation"
"$PARAPET" atlas AML.CS0023 | grep -q "no ATLAS mitigation" || fail "case study"
"$PARAPET" atlas AML.TA0002 | grep -q "Active Scanning" || fail "tactic"
"$PARAPET" atlas search pickle | grep -q "AML.T0011.000" || fail "search"
"$PARAPET" atlas -f json AML.T0010.003 | grep -q '"looks_for"' || fail "json"

code=0
"$PARAPET" atlas AML.T0010.009 2> error.txt || code=$?
[ "$code" = 2 ] || fail "a wrong id gives exit code $code"
grep -q "did you mean" error.txt || fail "no suggestion for a wrong id"

release="$SOURCE/tests/knowledge/defects.yaml"
"$PARAPET" atlas --atlas "$release" | grep -q "Kettle Overflow" || fail "--atlas"
"$PARAPET" atlas --atlas "$release" | grep -q "moved to its techniques" || fail "repairs are not said"
"$PARAPET" atlas diff "$release" > diff.txt || fail "diff"
grep -q "was: Cost Harvesting" diff.txt || fail "renamed"
printf 'matrices: [' > broken.yaml
code=0
"$PARAPET" atlas --atlas broken.yaml 2> error.txt || code=$?
[ "$code" = 2 ] || fail "a broken file gives exit code $code"
grep -q "at line" error.txt || fail "the error names no line"
