# Foreign validators find nothing to say about our reports. Needs npm; skipped without it.
"$SOURCE/tests/validators/install" > install.txt 2>&1 || skip "$(tail -1 install.txt)"
reports="$SOURCE/tests/reports"
for which in full empty; do
  argument=empty; [ $which = full ] && argument=
  "$REPORT_TEST" "$reports" json $argument > sample_$which.json
  "$REPORT_TEST" "$reports" sarif $argument > sample_$which.sarif
done
"$PARAPET" scan "$SOURCE/demo/estate" -f json -o estate.json -f sarif -o estate.sarif --fail-on never ||
  fail "the demo cannot be scanned"
SOURCE_DATE_EPOCH=1767323045 "$PARAPET" scan "$SOURCE/demo/hardened" -f json -o hardened.json -f sarif -o hardened.sarif \
  --fail-on never || fail "the hardened demo cannot be scanned"
node "$SOURCE/tests/validators/validate-json.mjs" "$SOURCE/docs/schema/report-1.schema.json" ./*.json ||
  fail "a JSON report does not follow its schema"
"$SOURCE/tests/validators/validate-sarif.sh" ./*.sarif || fail "the SARIF validator complains"
