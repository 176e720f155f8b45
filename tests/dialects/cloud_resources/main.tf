variable "root" { default = "Enabled" }
locals { name = "churn" }
resource "aws_sagemaker_notebook_instance" "n" {
  name        = local.name
  root_access = var.root
  role_arn    = aws_iam_role.r.arn
  tags        = {}
}
module "vpc" { source = "a/b/aws" }
terraform {
  backend "s3" { encrypt = true }
}
