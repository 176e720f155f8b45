resource "aws_sagemaker_model" "main" {
  name = "churn"
  enable_network_isolation = var.isolated
}
