# The HTML report in a real browser, from file://, by keyboard. Needs npm and Chromium.
chromium=${CHROMIUM:-/usr/bin/chromium}
[ -x "$chromium" ] || skip "Chromium is not here"
"$SOURCE/tests/validators/install" > install.txt 2>&1 || skip "$(tail -1 install.txt)"
reports="$SOURCE/tests/reports"
"$REPORT_TEST" "$reports" html > sample.html
"$REPORT_TEST" "$reports" html empty > empty.html
"$PARAPET" scan "$SOURCE/demo/estate" -f html -o estate.html --fail-on never || fail "the demo cannot be scanned"
for report in sample empty estate; do
  node "$SOURCE/tests/validators/screenshot.mjs" $report.html shots_$report || fail "$report.html"
done
[ -s shots_estate/1280-light.png ] || fail "no screenshot was taken"
