resource "aws_sagemaker_notebook_instance" "main" {
  name = "n"
  root_access = "Disabled"
}
