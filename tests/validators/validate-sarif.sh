#!/bin/sh
# Validates SARIF files by the schema and by the rules of SARIF and of GitHub code scanning:
# validate-sarif.sh FILE...   Fails on any error or warning.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
for file in "$@"; do
  "$here/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool" validate "$file" --rule-kind 'Sarif;Ghas' \
    --level 'Error;Warning' --kind Fail --output "$work/result.sarif" --log ForceOverwrite > "$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
  grep -q 'Analysis completed successfully' "$work/log" || { cat "$work/log"; exit 1; }
  if grep -E ': (error|warning) ' "$work/log"; then exit 1; fi
  echo "$file: no error, no warning"
done
