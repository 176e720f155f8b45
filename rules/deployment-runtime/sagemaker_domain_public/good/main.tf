resource "aws_sagemaker_domain" "main" {
  domain_name = "d"
  app_network_access_type = "VpcOnly"
}
