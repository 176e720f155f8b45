# Three joins on the demo estate, each with the twin where one part is missing: the severity drops or the finding goes.
set +e
cp -r "$SOURCE/demo/estate" demo
# Severity and joined file of a rule's findings in an artifact: "critical deploy/k8s/inference.yaml".
joined() {
  "$PARAPET" scan demo --no-progress --fail-on never -f json -o report.json --only "$1"
  python3 - "$2" <<'END'
import json, sys
report = json.load(open("report.json"))
for f in report["findings"]:
    if f["artifact"].endswith(sys.argv[1]):
        others = sorted({r["artifact"].removeprefix("demo/") for r in f.get("related", []) if r["artifact"] != f["artifact"]})
        print(f["severity"], " ".join(others))
END
}
command -v python3 >/dev/null || skip "python3 is not there"

# Pods in one file, the Service that publishes them in another.
joined network-exploitation/ray_dashboard_reachable k8s/argo.yaml > with.txt
grep -q '^critical deploy/k8s/inference.yaml' with.txt || { cat with.txt; fail "the published Ray dashboard is not critical with its Service"; }
sed -i 's/type: LoadBalancer/type: ClusterIP/; s/type: NodePort/type: ClusterIP/' demo/deploy/k8s/inference.yaml
joined network-exploitation/ray_dashboard_reachable k8s/argo.yaml > without.txt
grep -q '^critical' without.txt && { cat without.txt; fail "still critical when the Service is of the cluster only"; }

# A DVC remote, and infrastructure code that opens its bucket.
joined data-integrity/data_from_public_bucket .dvc/config > with.txt
grep -q '^high deploy/terraform/main.tf' with.txt || { cat with.txt; fail "the public bucket of the DVC remote is not found"; }
sed -i 's/acl    = "public-read"/acl    = "private"/' demo/deploy/terraform/main.tf
joined data-integrity/data_from_public_bucket .dvc/config > without.txt
[ -s without.txt ] && { cat without.txt; fail "a private bucket is reported"; }

# torch.load, and the release of torch that a requirements file pins.
joined model-integrity/torch_load_unsafe notebooks/chargebacks.ipynb > with.txt
grep -q '^high requirements.txt' with.txt || { cat with.txt; fail "torch.load is not high with torch 2.3"; }
sed -i 's/^torch==2.3.1/torch==2.6.0/' demo/requirements.txt
joined model-integrity/torch_load_unsafe notebooks/chargebacks.ipynb > without.txt
grep -q '^high' without.txt && { cat without.txt; fail "torch.load is still high with torch 2.6"; }
true
