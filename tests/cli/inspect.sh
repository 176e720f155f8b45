# What inspect says of a model: content, tensors, imports, disassembly, weights; JSON that parses.
set +e
"$PARAPET" inspect "$SOURCE/demo/estate/models/fraud_gru.pt" > out.txt || fail "exit code"
grep -q 'pytorch-zip' out.txt || fail "the format is not said"
grep -Eq 'os\.system +dangerous' out.txt || fail "the import has no verdict"
grep -Eq 'critical +Loading the file runs' out.txt || fail "the finding is not shown"
"$PARAPET" inspect "$SOURCE/demo/estate/models/fraud_gru.pt" -d > dis.txt
grep -Eq 'GLOBAL +.*os system.*<- .*dangerous' dis.txt || fail "no interpreter's view beside the opcode: $(cat dis.txt)"
printf '\200\4\225\377\377\377\377\377\377\377\377\214\3abc' > cut.pkl
"$PARAPET" inspect cut.pkl -d | grep -q 'breaks off at offset' || fail "a broken stream is not said"
# 4,096 float32: 0x3f8000NN with NN counting, so that byte 0 is uniform and the others constant.
i=0; : > body; while [ $i -lt 256 ]; do printf "\\$(printf %o $i)\\000\\200\\077"; i=$((i + 1)); done > body
for _ in 1 2 3 4; do cat body body body body; done > data
header='{"w":{"dtype":"F32","shape":[4096],"data_offsets":[0,16384]}}'
{ printf '\075\000\000\000\000\000\000\000'; printf '%s' "$header"; cat data; } > w.safetensors
"$PARAPET" inspect w.safetensors --weights > w.txt
grep -q 'byte 0  8.000    0.5000' w.txt || fail "the lowest byte: $(cat w.txt)"
grep -q 'byte 3  0.000    1.0000' w.txt || fail "the highest byte: $(cat w.txt)"
"$PARAPET" inspect w.safetensors -w -d -f json > w.json
if command -v python3 > /dev/null; then
  python3 -c 'import json; d = json.load(open("w.json")); assert d["tensors"]["elements"] == 4096, d' || fail "json"
fi
"$PARAPET" inspect 2> /dev/null; [ $? = 2 ] || fail "no file is no error"
exit 0
