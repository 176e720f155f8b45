resource "aws_sagemaker_model" "main" {
  name = "churn"
  execution_role_arn = "arn:aws:iam::1:role/r"
  enable_network_isolation = false
}
