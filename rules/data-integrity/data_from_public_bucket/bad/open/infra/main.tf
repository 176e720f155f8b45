resource "aws_s3_bucket_acl" "main" {
  bucket = "ml-training-data"
  acl = "public-read-write"
}
