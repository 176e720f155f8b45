resource "aws_sagemaker_endpoint_configuration" "main" {
  name = "e"
  data_capture_config {
    enable_capture = true
    initial_sampling_percentage = 20
  }
}
