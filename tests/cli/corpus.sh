# Every malicious sample of the shared corpus at high or above, no benign one; the table by class.
set +e
corpus=$SOURCE/../shared/corpus
[ -f "$corpus/labels.csv" ] || skip "no ../shared/corpus"
# The samples are old, and so are the releases that they list: that is another question than theirs.
echo 'allow: [{rule: pipeline-infrastructure/vulnerable_dependency, reason: the samples are judged by their content}]' > allow.yaml
tail -n +2 "$corpus/labels.csv" | cut -d, -f1,2 | tr ',' ' ' > labels
while read -r path label; do
  "$PARAPET" scan "$corpus/$path" --allow allow.yaml -q < /dev/null > /dev/null 2>&1
  code=$?
  [ $code -le 1 ] || fail "$path gives exit code $code"
  class=$(basename "$path" | sed 's/[_.].*//')
  echo "$label $code $(echo "$path" | cut -d/ -f2) $class $path"
done < labels > results
awk '{ n[$1 " " $3]++; f[$1 " " $3] += $2 } END { for (k in n) printf "%-24s %3d of %3d at high or above\n", k, f[k], n[k] }' results | sort
grep '^malicious 0' results && fail "malicious samples without a finding at high"
grep '^benign 1' results && fail "benign samples with a finding at high"
exit 0
