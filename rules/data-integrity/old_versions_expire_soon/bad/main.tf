resource "aws_s3_bucket_lifecycle_configuration" "main" {
  bucket = "raw"
  rule {
    id = "a"
    status = "Enabled"
    noncurrent_version_expiration {
      noncurrent_days = 3
    }
  }
}
