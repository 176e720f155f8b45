resource "aws_sagemaker_notebook_instance" "n" {
  name = "n"
  direct_internet_access = "Enabled"
}
