# A sample of the generated pickles: gadgets of the standard library in every call form are found at high or above,
# what frameworks write is not. The whole sets: tests/generators/README.md.
command -v python3 >/dev/null || skip "no python3"
generators="$SOURCE/tests/generators"
export PYTHONDONTWRITEBYTECODE=1
python3 "$generators/gadgets.py" gadgets 500 7
python3 "$generators/benign.py" benign 400 7
python3 "$generators/measure.py" "$PARAPET" gadgets malicious
python3 "$generators/measure.py" "$PARAPET" benign benign
