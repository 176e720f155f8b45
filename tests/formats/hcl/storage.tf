variable "bucket" {
  default = "models"
}

resource "aws_s3_bucket" "models" {
  bucket = "${var.bucket}-prod"
  tags   = { team = "ml", sizes = [1, 2.5, true, null] }
  policy = <<-EOT
    {"Effect": "Allow"}
  EOT
}
