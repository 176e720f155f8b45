# docs/formats.md is what the program prints; every format says where its layout is defined.
set +e
"$PARAPET" formats -f markdown > formats.md
cmp formats.md "$SOURCE/docs/formats.md" || fail "docs/formats.md is old: parapet formats -f markdown > docs/formats.md"
grep -q '<>' formats.md && fail "a format without a source"
"$PARAPET" formats | grep -q 'Formats: [0-9]*, recognised' || fail "text"
"$PARAPET" formats -f json | grep -q '"name": "pickle"' || fail "json"
exit 0
