variable "db_password" {}
resource "aws_db_instance" "main" {
  username = "mlflow"
  password = var.db_password
}
