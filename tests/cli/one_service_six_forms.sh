# One exposed service, written as Compose, Kubernetes, Helm values, Terraform, systemd and shell, is one rule's finding in each.
set +e
mkdir -p compose k8s helm tf systemd shell
cat > compose/compose.yaml <<'END'
services:
  mlflow:
    image: ghcr.io/mlflow/mlflow:v2.20.0
    command: mlflow server --host 0.0.0.0 --port 5000
    ports: ["5000:5000"]
END
cat > k8s/mlflow.yaml <<'END'
apiVersion: apps/v1
kind: Deployment
metadata: {name: mlflow}
spec:
  selector: {matchLabels: {app: mlflow}}
  template:
    metadata: {labels: {app: mlflow}}
    spec:
      containers:
        - name: mlflow
          image: ghcr.io/mlflow/mlflow:v2.20.0
          command: [mlflow, server, --host, 0.0.0.0, --port, "5000"]
---
apiVersion: v1
kind: Service
metadata: {name: mlflow}
spec:
  type: LoadBalancer
  selector: {app: mlflow}
  ports: [{port: 5000}]
END
printf 'apiVersion: v2\nname: mlflow\nversion: 1.0.0\n' > helm/Chart.yaml
cat > helm/values.yaml <<'END'
image:
  repository: ghcr.io/mlflow/mlflow
  tag: v2.20.0
command: [mlflow, server, --host, 0.0.0.0, --port, "5000"]
service:
  type: LoadBalancer
  port: 5000
END
cat > tf/main.tf <<'END'
resource "aws_instance" "mlflow" {
  instance_type = "t3.large"
  user_data = <<-EOF
    #!/bin/bash
    mlflow server --host 0.0.0.0 --port 5000
  EOF
}
END
printf '[Unit]\nDescription=mlflow\n[Service]\nExecStart=/usr/local/bin/mlflow server --host 0.0.0.0 --port 5000\n' > systemd/mlflow.service
printf '#!/bin/sh\nmlflow server --host 0.0.0.0 --port 5000\n' > shell/run.sh
for form in compose k8s helm tf systemd shell; do
  "$PARAPET" scan $form --only insecure-accounts/mlflow_open > out.txt; [ $? = 1 ] || { cat out.txt; fail "$form: the open tracking server is not found"; }
  grep -q '^CRITICAL' out.txt || { cat out.txt; fail "$form: not critical"; }
done
# The twin on the loopback address is none in any form.
sed -i 's/--host 0.0.0.0/--host 127.0.0.1/; s/--host, 0.0.0.0/--host, 127.0.0.1/' compose/* k8s/* helm/values.yaml tf/* systemd/* shell/*
for form in compose k8s helm tf systemd shell; do
  "$PARAPET" scan $form --only insecure-accounts/mlflow_open > out.txt; [ $? = 0 ] || { cat out.txt; fail "$form: a server on the loopback address is reported"; }
done
