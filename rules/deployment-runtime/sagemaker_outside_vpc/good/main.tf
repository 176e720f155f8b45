resource "aws_sagemaker_model" "main" {
  name = "m"
  vpc_config {
    subnets = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}
