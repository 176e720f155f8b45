resource "aws_mwaa_environment" "main" {
  name = "a"
  airflow_configuration_options = {
    "core.enable_xcom_pickling" = "true"
  }
}
