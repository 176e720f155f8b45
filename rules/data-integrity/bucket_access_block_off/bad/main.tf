resource "aws_s3_bucket_public_access_block" "main" {
  bucket = "b"
  block_public_acls = false
  block_public_policy = true
}
