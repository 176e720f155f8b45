# Dependencies: one flaw is one finding in every form it is written in; advisories of the user; includes; what is not known is said.
set +e
only="--only pipeline-infrastructure/vulnerable_dependency"
mkdir three && cd three
printf '# what we need\nMLFlow==2.3.0\n' > requirements.txt
printf '[[package]]\nname = "mlflow"\nversion = "2.3.0"\nfiles = []\n' > poetry.lock
printf 'name: x\ndependencies:\n  - python=3.11\n  - mlflow=2.3.0\n' > environment.yml
cd ..
"$PARAPET" scan three $only -v > three.txt; [ $? = 1 ] || fail "nothing found in three forms"
for place in requirements.txt:2:1 poetry.lock:2:8 environment.yml:4:5; do
  [ "$(grep -c "three/$place" three.txt)" = 1 ] || fail "$place is not found once"
done
[ "$(grep -c 'mlflow 2.3.0: 2[0-9] known' three.txt)" = 3 ] || fail "the three do not say the same"
grep -q 'fixed in: later than 3.10.1\|fixed in: 3.11.0' three.txt || fail "the lowest fixed release is not named: $(grep fixed three.txt)"

# The user's OSV export, as a folder and as a zip.
mkdir osv one
cat > osv/PYSEC-2030-1.json <<'JSON'
{"schema_version": "1.6.0", "id": "PYSEC-2030-1", "aliases": ["CVE-2030-0001"], "affected": [{"package": {"ecosystem": "PyPI", "name": "Left_Alone"},
 "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.5"}]}], "versions": ["1.0", "1.4"]}], "database_specific": {"severity": "HIGH"}}
JSON
printf '{"id": "MAL-2030-2", "affected": [{"package": {"ecosystem": "npm", "name": "evil-mcp"}, "versions": ["1.0.0"]}]}' > osv/MAL-2030-2.json
printf 'left.alone==1.4.post1\n' > one/requirements.txt
printf '{"packages": {"node_modules/evil-mcp": {"version": "1.0.0"}}}' > one/package-lock.json
"$PARAPET" scan one > plain.txt; [ $? = 0 ] || fail "something is found without the export"
"$PARAPET" scan one --osv osv > folder.txt; [ $? = 1 ] || fail "nothing is found with the export"
grep -q 'left-alone 1.4.post1: 1 known (CVE-2030-0001), the worst high; fixed in: 1.5' folder.txt || fail "the advisory is not shown: $(cat folder.txt)"
grep -q 'evil-mcp 1.0.0: MAL-2030-2' folder.txt || fail "the malicious release is not shown"
if command -v python3 > /dev/null; then
  python3 -m zipfile -c all.zip osv/*.json
  "$PARAPET" scan one --osv all.zip > zip.txt; [ $? = 1 ] || fail "nothing is found with the zip"
  diff folder.txt zip.txt || fail "folder and zip differ"
fi
printf '{"id": ' > osv/broken.json
"$PARAPET" scan one --osv osv | grep -q 'Of 3 advisories in osv 1 could not be read' || fail "a broken advisory is not told"
mkdir none; "$PARAPET" scan one --osv none > /dev/null 2> err.txt; [ $? = 2 ] || fail "an empty export is no error"
"$PARAPET" scan one --osv missing > /dev/null 2> err.txt; [ $? = 2 ] || fail "a missing export is no error"
grep -q 'missing' err.txt || fail "the error does not name it"

# Includes, whatever the name; cycles end; what is not there is said.
mkdir inc
printf -- '-r deps/base.txt\n-c nowhere.txt\n' > inc/requirements.txt
mkdir inc/deps && printf 'numpy==1.16.0\n-r ../requirements.txt\n' > inc/deps/base.txt
"$PARAPET" scan inc $only > inc.txt; [ $? = 1 ] || fail "the included file is not read"
grep -q 'inc/deps/base.txt:1:1' inc.txt || fail "the included place is not named"
grep -q 'includes nowhere.txt, which is not among what was scanned' inc.txt || fail "the missing file is not told"
! grep -q 'includes deps/base.txt' inc.txt || fail "an included file that is there is told as missing"
exit 0
