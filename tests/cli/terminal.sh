# No raw control characters, whatever the names; colour never into a pipe.
name=$(printf 'evil\033[31m\342\200\256.pkl')
printf 'cos\nsystem\n(S"\033]0;owned\007"\ntR.' > "$name"
set +e
"$PARAPET" scan . > out.txt
grep -q 'os.system' out.txt || fail "nothing found"
LC_ALL=C grep -q "$(printf '\033')" out.txt && fail "an escape character reached the output"
grep -q "$(printf '\342\200\256')" out.txt && fail "a direction override reached the output"
for format in json sarif html; do
  "$PARAPET" scan . -f $format > out.$format
  LC_ALL=C grep -q "$(printf '\033')" out.$format && fail "an escape character reached $format"
done
exit 0
