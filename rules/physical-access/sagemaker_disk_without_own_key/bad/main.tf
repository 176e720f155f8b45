resource "aws_sagemaker_notebook_instance" "main" {
  name = "n"
  role_arn = "arn:aws:iam::1:role/r"
  instance_type = "ml.t3.medium"
}
