# The demo estate fails the gate, in every category of the survey, with 25 ATLAS techniques exposed.
command -v python3 >/dev/null || skip "python3 is not there"
code=0
"$PARAPET" scan "$SOURCE/demo/estate" --no-progress -f json -o report.json || code=$?
[ "$code" = 1 ] || fail "exit code $code, wanted 1"
python3 - report.json <<'PY' || fail "see above"
import json, sys

report = json.load(open(sys.argv[1]))
wanted = {"preparation", "unsecured-credentials", "insecure-accounts", "physical-access", "pipeline-infrastructure",
          "data-integrity", "model-integrity", "deployment-runtime", "network-exploitation"}
found = {f["rule"].split("/")[0] for f in report["findings"]}
exposed = {c["technique"] for c in report["coverage"] if c["state"] == "exposed"}
high = [f for f in report["findings"] if f["severity"] in ("critical", "high")]
print(len(report["findings"]), "findings,", len(high), "at high or above,", len(exposed), "techniques exposed")
if wanted - found:
    sys.exit("no finding in " + ", ".join(sorted(wanted - found)))
if len(exposed) < 25:
    sys.exit("only %d techniques exposed: %s" % (len(exposed), ", ".join(sorted(exposed))))
broken = [a["path"] for a in report["artifacts"] if a["status"] == "not-scanned"]
print(len(broken), "not scanned:", ", ".join(broken[:20]))
PY
