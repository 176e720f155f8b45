resource "aws_mwaa_environment" "main" {
  name = "a"
  webserver_access_mode = "PUBLIC_ONLY"
}
