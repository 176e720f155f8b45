# Files are joined: what exposes a product, and what guards it, may stand elsewhere. The twin without it is judged less, or more.
set +e
severity() { "$PARAPET" scan "$1" --only insecure-accounts/mlflow_open --fail-on never > r.txt; sed -n '1s/ .*//p' r.txt | tr A-Z a-z; }
mkdir -p k8s other/k8s
cat > k8s/mlflow.yaml <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: mlflow, namespace: ml}
spec:
  selector: {matchLabels: {app: mlflow}}
  template:
    metadata: {labels: {app: mlflow, tier: tracking}}
    spec:
      containers:
        - name: mlflow
          image: ghcr.io/mlflow/mlflow:v2.14.1
          args: [mlflow, server, --host, 0.0.0.0]
YAML
[ "$(severity k8s)" = high ] || fail "alone it is $(severity k8s)"
cat > k8s/service.yaml <<'YAML'
apiVersion: v1
kind: Service
metadata: {name: tracking, namespace: ml}
spec: {type: LoadBalancer, selector: {app: mlflow}, ports: [{port: 80, targetPort: 5000}]}
YAML
[ "$(severity k8s)" = critical ] || fail "behind a load balancer it is $(severity k8s)"
grep -q 'k8s/service.yaml' r.txt || fail "the finding does not name the service"
for change in 's/app: mlflow/app: other/' 's/namespace: ml/namespace: web/' 's/LoadBalancer/ClusterIP/'; do
  cp -r k8s twin; sed -i "$change" twin/service.yaml
  [ "$(severity twin)" = high ] || fail "with $change it is $(severity twin)"
  rm -r twin
done
sed 's/LoadBalancer/ClusterIP/' k8s/service.yaml > other/k8s/service.yaml
cp k8s/mlflow.yaml other/k8s
cat > other/k8s/ingress.yaml <<'YAML'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: ml}
spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: tracking, port: {number: 80}}}}]}}]}
YAML
[ "$(severity other)" = critical ] || fail "behind an ingress it is $(severity other)"
cat > k8s/policy.yaml <<'YAML'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-jobs, namespace: ml}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {role: job}}}]}]}
YAML
[ "$(severity k8s)" = medium ] || fail "behind a policy it is $(severity k8s)"
grep -q 'k8s/policy.yaml' r.txt || fail "the finding does not name the policy"
sed -i 's/ingress: .*/ingress: [{}]}/' k8s/policy.yaml
[ "$(severity k8s)" = critical ] || fail "behind an open policy it is $(severity k8s)"
# The order of files and the number of workers change nothing.
"$PARAPET" scan k8s other -j1 -f json -o one.json --fail-on never; "$PARAPET" scan k8s other -j8 -f json -o eight.json --fail-on never
cmp one.json eight.json || fail "-j1 and -j8 differ"
# Every service selecting every pod ends soon, and what was left out is told.
mkdir many
for i in $(seq 3000); do printf -- '---\napiVersion: v1\nkind: Service\nmetadata: {name: s%d}\nspec: {selector: {app: x}}\n' "$i"; done > many/services.yaml
for i in $(seq 250); do printf -- '---\napiVersion: v1\nkind: Pod\nmetadata: {name: p%d, labels: {app: x}}\nspec: {containers: [{name: m, image: x, args: [mlflow, server, --host, 0.0.0.0]}]}\n' "$i"; done > many/pods-a.yaml
for part in b c d e f g h i j k l; do cp many/pods-a.yaml many/pods-$part.yaml; done
"$PARAPET" scan many --only insecure-accounts/mlflow_open > r.txt
grep -q 'More services and policies than are joined' r.txt || fail "what was not joined is not told"
rm -r many
# The pinned torch decides what its calls mean.
mkdir -p py/src && printf 'import sys\nimport torch\n\nm = torch.load(sys.argv[1])\n' > py/src/load.py
echo 'torch==2.5.1' > py/requirements.txt
"$PARAPET" scan py -q; [ $? = 1 ] || fail "torch 2.5.1 gives nothing"
echo 'torch==2.7.0' > py/requirements.txt
"$PARAPET" scan py -q; [ $? = 0 ] || fail "torch 2.7.0 gives a finding"
exit 0
