# What we read of random pickles of our own agrees with Python's pickletools.
command -v python3 >/dev/null || exit 77
mkdir made
python3 "$SOURCE/tests/differential/pickles.py" "$(dirname "$PARAPET")/tests/golden_test" made 7 240
