resource "aws_sagemaker_endpoint_configuration" "main" {
  name = "e"
  production_variants {
    model_name = "m"
  }
}
