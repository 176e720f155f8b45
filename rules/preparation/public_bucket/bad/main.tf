resource "aws_s3_bucket_acl" "models" {
  bucket = "corp-models"
  acl    = "public-read"
}
