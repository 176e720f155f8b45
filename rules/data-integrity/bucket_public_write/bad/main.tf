resource "aws_s3_bucket_acl" "data" {
  bucket = "corp-training-data"
  acl    = "public-read-write"
}
