resource "aws_s3_bucket_versioning" "main" {
  bucket = "training-data"
  versioning_configuration {
    status = "Suspended"
  }
}
