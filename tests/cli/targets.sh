# Files, folders, standard input, lists, links, unreadable things.
printf 'cos\nsystem\n(S"true"\ntR.' > bad.pkl
mkdir -p tree/sub
cp bad.pkl tree/sub/weights.bin
ln -s /etc/passwd tree/outside
ln -s sub/weights.bin tree/inside
set +e
"$PARAPET" scan - < bad.pkl | grep -q 'stdin' || fail "standard input is not scanned"
"$PARAPET" scan tree -f json > tree.json; code=$?
[ $code = 1 ] || fail "folder gives $code"
grep -q '"tree/sub/weights.bin"' tree.json || fail "names are not relative to the working folder"
grep -q 'symbolic link out of the target' tree.json || fail "the link out of the target is not reported"
mkdir -p tree/.git/annex && cp bad.pkl tree/.git/annex/k && ln -s .git/annex/k tree/annexed.pkl && ln -s gone tree/dangling
"$PARAPET" scan tree -f json > links.json
grep -q 'symbolic link into .git' links.json || fail "a link into .git is passed over in silence"
grep -q 'symbolic link to nothing' links.json || fail "a dangling link is passed over in silence"
rm -r tree/.git tree/annexed.pkl tree/dangling
head -c 4096 /dev/urandom | tr -d '\200\000' > noise.bin; printf '\0\1' >> noise.bin
"$PARAPET" scan noise.bin | grep -q 'no known format' || fail "an unknown format is passed over in silence"
grep -q 'root:' tree.json && fail "a link out of the target was followed"
"$PARAPET" scan "$PWD/tree" -f json | grep -q "$PWD" && fail "an absolute path in the report"
printf 'tree/sub/weights.bin\nno/such\n' | "$PARAPET" scan @- -f json > list.json; code=$?
[ $code = 1 ] || fail "list gives $code"
grep -q 'no such file' list.json || fail "the missing line of a list is not reported"
"$PARAPET" scan tree --exclude '**/*.bin' > /dev/null; code=$?
[ $code = 0 ] || fail "--exclude does not leave out"
echo 'sub/' > tree/.gitignore
"$PARAPET" scan tree > /dev/null; code=$?
[ $code = 1 ] || fail ".gitignore was obeyed unasked"
"$PARAPET" scan tree --gitignore > /dev/null; code=$?
[ $code = 0 ] || fail "--gitignore is not obeyed"
"$PARAPET" scan tree -f json > base.json
"$PARAPET" scan tree --baseline base.json -f json > new.json; code=$?
[ $code = 0 ] || fail "the baseline does not silence"
grep -q '"suppressed": \[\]' new.json && fail "suppressed findings are not listed"
mkfifo tree/pipe
"$PARAPET" scan tree -f json | grep -q 'not a regular file' || fail "the pipe is not reported"
"$PARAPET" scan tree -f json -j1 > one.json; "$PARAPET" scan tree -f json -j8 > eight.json
cmp -s one.json eight.json || fail "-j1 and -j8 differ"
exit 0
