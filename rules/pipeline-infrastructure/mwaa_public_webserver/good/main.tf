resource "aws_mwaa_environment" "main" {
  name = "a"
  webserver_access_mode = "PRIVATE_ONLY"
}
