resource "aws_iam_role" "ci" {
  assume_role_policy = <<EOF
{"Statement": [{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}]}
EOF
}
