# parapet.toml sets options, the command line wins, a wrong key is an error that teaches.
printf 'cos\nsystem\n(S"true"\ntR.' > bad.pkl
printf '[scan]\nfail-on = "never"\nexclude = ["**/x"]\n' > parapet.toml
set +e
"$PARAPET" scan bad.pkl > /dev/null; code=$?
[ $code = 0 ] || fail "fail-on of the file is not taken ($code)"
"$PARAPET" scan bad.pkl --fail-on low > /dev/null; code=$?
[ $code = 1 ] || fail "the command line does not win ($code)"
printf '[scan]\nfailon = "never"\n' > other.toml
"$PARAPET" scan bad.pkl --config other.toml > /dev/null 2> err.txt; code=$?
[ $code = 2 ] || fail "an unknown key gives $code"
grep -q 'fail-on' err.txt || fail "the error does not list the options"
mkdir target; cp bad.pkl target; printf '[scan]\nfail-on = "never"\n' > target/parapet.toml; rm parapet.toml
"$PARAPET" scan target > /dev/null; code=$?
[ $code = 1 ] || fail "a parapet.toml inside the target was obeyed"
exit 0
