resource "aws_s3_bucket_acl" "main" {
  bucket = "web-site"
  acl = "public-read"
}
