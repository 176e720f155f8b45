terraform {
  backend "local" {}
}

provider "aws" {
  region     = "eu-central-1"
  access_key = "AKIA9Q0ZL18W0XN8R1VT"
  secret_key = "v7Qm2sLr0XeT9yBcD4uKpZ1nWjF6hGaR8oViYtN3"
}

resource "aws_s3_bucket" "data" {
  bucket = "larkspur-ml-data"
  acl    = "public-read"
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = false
  block_public_policy     = false
  restrict_public_buckets = false
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::larkspur-ml-data/*" }]
  })
}

resource "aws_security_group" "ml" {
  name = "ml"
  ingress {
    from_port   = 0
    to_port     = 65535
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_sagemaker_notebook_instance" "research" {
  name                   = "research"
  role_arn               = aws_iam_role.ml.arn
  instance_type          = "ml.g5.xlarge"
  direct_internet_access = "Enabled"
  root_access            = "Enabled"
}

resource "aws_instance" "gpu" {
  ami           = "ami-0c0ffee0c0ffee000"
  instance_type = "g5.2xlarge"
  metadata_options { http_tokens = "optional" }
  root_block_device { encrypted = false }
}

resource "aws_iam_role_policy" "ml" {
  role   = aws_iam_role.ml.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

variable "db_password" {
  default = "Harbor-Nine-41"
}
