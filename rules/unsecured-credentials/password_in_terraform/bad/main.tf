resource "aws_db_instance" "main" {
  username = "mlflow"
  password = "hunter2hunter2"
}
