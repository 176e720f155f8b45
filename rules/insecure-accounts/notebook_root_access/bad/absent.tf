resource "aws_sagemaker_notebook_instance" "main" {
  name = "n"
  instance_type = "ml.t3.medium"
}
