# Container images: as `docker save` and OCI layouts write them, in a tar and in a folder. A key in a
# layer that a later one deletes is found with its layer; what is missing or changed is said.
command -v python3 > /dev/null || skip "python3 is not here"
cat > make.py <<'PY'
import gzip, hashlib, io, json, os, tarfile

def tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()

token = "hf_" + "KdVvPxZgTq" + "WmRtYwVbNcXzLkJhGfDsAqBu"
layers = [
    tar([("etc/os-release", b"ID=debian\n")]),
    tar([("app/.env", f"HF_TOKEN={token}\n".encode()), ("app/train.py", b"print(1)\n")]),
    tar([("app/.wh..env", b""), ("opt/tool.py", b"print(2)\n")]),
]
steps = ["/bin/sh -c #(nop) ADD file:1 in / ", "COPY . /app # buildkit", "RUN |1 NEXUS_PASSWORD=Tr0ub4dorQz9x /bin/sh -c rm /app/.env # buildkit"]
config = json.dumps({
    "architecture": "amd64", "os": "linux",
    "config": {"Env": ["PATH=/bin", "MLFLOW_TRACKING_PASSWORD=gx81kqpZ02mm"], "Cmd": ["mlflow", "server", "--host", "0.0.0.0"], "ExposedPorts": {"5000/tcp": {}}},
    "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(l).hexdigest() for l in layers]},
    "history": [{"created_by": steps[0]}, {"created_by": steps[1]}, {"created_by": "ENV A=b", "empty_layer": True}, {"created_by": steps[2]}],
}).encode()

blobs = {}
def blob(data):
    blobs[hashlib.sha256(data).hexdigest()] = data
    return {"digest": "sha256:" + hashlib.sha256(data).hexdigest(), "size": len(data)}

def oci(packed):
    blobs.clear()
    described = [dict(blob(l), mediaType="application/vnd.oci.image.layer.v1.tar" + ("+gzip" if packed else "")) for l in (map(lambda l: gzip.compress(l, mtime=0), layers) if packed else layers)]
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                           "config": dict(blob(config), mediaType="application/vnd.oci.image.config.v1+json"), "layers": described}).encode()
    index = json.dumps({"schemaVersion": 2, "manifests": [dict(blob(manifest), mediaType="application/vnd.oci.image.manifest.v1+json")]}).encode()
    return [("oci-layout", b'{"imageLayoutVersion": "1.0.0"}'), ("index.json", index)] + [("blobs/sha256/" + h, d) for h, d in sorted(blobs.items())]

def write(folder, members):
    for name, data in members:
        os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
        open(f"{folder}/{name}", "wb").write(data)

open("oci.tar", "wb").write(tar(oci(False)))
open("oci-gzip.tar", "wb").write(tar(oci(True)))
write("layout", oci(True))
members = oci(False)
changed = [(n, d.replace(b"ID=debian", b"ID=debiam")) for n, d in members]
open("changed.tar", "wb").write(tar(changed))
open("missing.tar", "wb").write(tar([m for m in members if b"opt/tool.py" not in m[1]]))
old = [(f"{i}/layer.tar", l) for i, l in enumerate(layers)]
manifest = json.dumps([{"Config": "cfg.json", "RepoTags": ["fraud:1"], "Layers": [n for n, _ in old]}]).encode()
open("saved.tar", "wb").write(tar(old + [("cfg.json", config), ("manifest.json", manifest)]))
PY
python3 make.py
set +e
check() {  # TARGET PLACE
  "$PARAPET" scan "$1" -f json > out.json; code=$?
  [ $code = 1 ] || fail "$1 gives $code"
  python3 - "$2" <<'PY' || fail "$1: $(cat why)"
import json, sys
report = json.load(open("out.json"))
def need(what, good):
    if not good:
        open("why", "w").write(what)
        sys.exit(1)
token = [f for f in report["findings"] if f["rule"] == "unsecured-credentials/provider_token" and "Hugging Face" in f["message"]]
need("one token, not %d" % len(token), len(token) == 1)
need("in " + token[0]["artifact"], token[0]["artifact"].endswith(sys.argv[1]))
need("origin " + json.dumps(token[0]["origin"]), token[0]["origin"] == ["layer 2 of 3: COPY . /app # buildkit", "layer 3 deletes it, but every copy of the image still holds it"])
rules = {f["rule"] for f in report["findings"]}
for rule in ("insecure-accounts/mlflow_open", "unsecured-credentials/secret_in_container"):
    need(rule, rule in rules)
need("no finding says the digest is wrong", "pipeline-infrastructure/image_digest_mismatch" not in rules)
need("nothing is missing", report["stats"]["not_scanned"] == 0)
PY
}
check oci.tar '!/app/.env'
check oci-gzip.tar '!/app/.env'
check layout '!/app/.env'
check saved.tar '1/layer.tar!/app/.env'
"$PARAPET" scan changed.tar -f json > out.json
grep -q 'pipeline-infrastructure/image_digest_mismatch' out.json || fail "the changed layer is not said"
"$PARAPET" scan missing.tar -f json > out.json
grep -q 'a layer of the image .* is missing' out.json || fail "the missing layer is not said"
"$PARAPET" scan missing.tar --strict --fail-on never > /dev/null; [ $? = 1 ] || fail "--strict passes over the missing layer"
python3 - <<'PY'
import json
json.dump([{"Config": "c.json", "Layers": ["l%d/layer.tar" % i for i in range(200000)]}], open("many.json", "w"))
PY
timeout 20 "$PARAPET" scan many.json -f json > out.json; [ $? = 0 ] || fail "a manifest of 200,000 layers is not scanned in time"
grep -q 'more than 1,000 layers' out.json || fail "layers past the limit are passed over in silence"
exit 0
