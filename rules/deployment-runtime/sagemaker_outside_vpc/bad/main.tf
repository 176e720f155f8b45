resource "aws_sagemaker_model" "main" {
  name = "m"
  execution_role_arn = "arn:aws:iam::1:role/r"
}
