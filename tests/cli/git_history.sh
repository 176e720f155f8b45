# A repository's history: what was deleted, stashed, noted, tagged or left behind is found, with the
# commit that it came with; what cannot be read is said.
command -v git > /dev/null || skip "git is not here"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null HOME=$PWD
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.invalid
export GIT_AUTHOR_DATE=2024-05-01T10:00:00Z GIT_COMMITTER_DATE=2024-05-01T10:00:00Z
token() { printf 'hf_%s' "$1"; printf 'QmRtYwVbNcXzLkJhGfDsAqWe%s' "$2"; }  # put together here, so that no file of ours holds one
t() { token "Kd$1vPxZgT" "$2"; }
git init -q -b main repo && cd repo
printf 'print(1)\n' > a.py
printf 'HF_TOKEN=%s\n' "$(t A Bu)" > .env
cat > pack.py <<'PY'
import pickle, sys, zipfile
class Call:
    def __reduce__(self):
        return (print, (sys.argv[1],))
with zipfile.ZipFile("bundle.zip", "w") as z:
    z.writestr("model/weights.pkl", pickle.dumps(Call(), 4))
PY
python3 pack.py "$(t B Cu)" 2> /dev/null || skip "python3 is not here"
rm pack.py
git add -A && git commit -qm one
first=$(git rev-parse --short=10 HEAD)
git rm -q .env bundle.zip && GIT_AUTHOR_DATE=2024-06-01T10:00:00Z git commit -qm "two: $(t C Du)"
printf 'x = "%s"\n' "$(t D Eu)" >> a.py && git stash -q
git notes add -m "note $(t E Fu)"
git tag -a v1 -m "tag $(t F Gu)"
git checkout -q -b side && printf 'k = "%s"\n' "$(t G Hu)" > side.py && git add -A && git commit -qm side
git checkout -q main && git branch -qD side
printf '[submodule "m"]\n\tpath = m\n\turl = https://u:%s@example.invalid/m.git\n' "$(t H Ju)" > .gitmodules && git add -A && git commit -qm mods && git rm -qf .gitmodules && git commit -qm gone
git gc -q 2> /dev/null
cd ..
"$PARAPET" scan repo -f json > tree.json
grep -q 'no longer in HEAD' tree.json && fail "the history was read unasked"
set +e
"$PARAPET" scan repo --history -f json > all.json; code=$?
[ $code = 1 ] || fail "exit code $code"
python3 - "$first" <<'PY' || fail "$(cat why)"
import json, sys
report = json.load(open("all.json"))
found = {}
for f in report["findings"]:
    if f["rule"] == "unsecured-credentials/provider_token" or f["rule"].startswith("unsecured-credentials/"):
        for place in [f] + f["related"]:
            found.setdefault(place["artifact"].split("!/", 1)[-1].split("/", 1)[-1], []).append(f)
def need(what, good):
    if not good:
        open("why", "w").write(what + " " + json.dumps(sorted(found)))
        sys.exit(1)
need("the deleted .env", ".env" in found)
env = found[".env"][0]
need("attribution", env["origin"] == ["first in commit %s of 2024-05-01" % sys.argv[1], "no longer in HEAD, but in every clone"])
need("line", env["place"]["line"] == 1)
need("pickle in zip in history", any(k.endswith("bundle.zip!/model/weights.pkl") for k in found))
for what in ("a.py", "side.py", ".gitmodules"):
    need(what, what in found)
names = [place["artifact"] for f in report["findings"] for place in [f] + f["related"]]
need("the commit message", any("!/commit/" in n for n in names))
need("the tag", any("!/tag/" in n for n in names))
need("eight secrets, the note's among them, each one finding", sum(f["rule"].endswith("/provider_token") for f in report["findings"]) == 8)
need("no secret is shown", "QmRtYwVbNcXzLkJhGfDsAqWe" not in json.dumps(report))
need("the unreachable commit", any("no branch or tag reaches" in " ".join(f["origin"]) for f in report["findings"]))
PY
"$PARAPET" scan repo --history -f json -j1 > one.json; "$PARAPET" scan repo --history -f json -j8 > eight.json
cmp -s one.json eight.json || fail "-j1 and -j8 differ"
"$PARAPET" scan repo --history > text.txt
grep -q 'first in commit' text.txt || fail "the text report does not say where it came from"
# a bare repository has only its history
git clone -q --bare repo bare.git 2> /dev/null
"$PARAPET" scan bare.git --history -f json > bare.json
grep -q 'first in commit' bare.json || fail "the bare repository was not read"
# links out of the target are not followed
mkdir -p linked/.git && cp -r repo/.git/HEAD repo/.git/refs repo/.git/packed-refs linked/.git/ && ln -s ../../repo/.git/objects linked/.git/objects
"$PARAPET" scan linked --history -f json > linked.json; [ $? = 0 ] || fail "objects outside of the target were read"
grep -q 'symbolic link: not followed' linked.json || fail "the link to objects is not said"
rm linked/.git/objects && mkdir linked/.git/objects && ln -s ../../../repo/.git/objects/pack linked/.git/objects/pack
"$PARAPET" scan linked --history -f json > linked.json; [ $? = 0 ] || fail "packs outside of the target were read"
grep -q 'its packs are a symbolic link' linked.json || fail "the link to packs is not said"
# damage: a missing object, a circle of references, a broken pack, a very large loose object
cp -r repo hurt && cd hurt
printf 'ref: refs/heads/q\n' > .git/refs/heads/p; printf 'ref: refs/heads/p\n' > .git/refs/heads/q
printf '%040d\n' 7 | tr 0 7 > .git/refs/heads/lost
for f in .git/objects/pack/*.pack; do chmod u+w "$f"; printf 'XXXXXXXX' | dd of="$f" bs=1 seek=400 conv=notrunc 2> /dev/null; done
head -c ${LARGE:-200000000} /dev/zero > big.bin && git -c core.looseCompression=1 hash-object -w big.bin > big.id 2> /dev/null; rm -f big.bin
printf 'HF_TOKEN=%s\n' "$(t K Lu)" > late.env && git hash-object -w late.env > /dev/null && rm late.env
cd ..
"$PARAPET" scan hurt --history -f json > hurt.json; code=$?
[ $code = 1 ] || fail "the damaged repository gives $code"
grep -q 'points to itself' hurt.json || fail "the circle is not said"
grep -q 'are missing' hurt.json || fail "the missing object is not said"
grep -q 'damaged\|its stream is broken' hurt.json || fail "the broken pack is not said"
python3 - <<'PY' || fail "the loose object behind all the damage was not found"
import json, sys
report = json.load(open("hurt.json"))
sys.exit(0 if any("no commit" in " ".join(f["origin"]) for f in report["findings"]) else 1)
PY
exit 0
