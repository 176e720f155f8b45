resource "aws_s3_bucket" "main" {
  bucket = "raw-data"
  force_destroy = false
}
