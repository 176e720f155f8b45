module "gpu" {
  source = "git::https://example.com/gpu.git?ref=0123456789abcdef0123456789abcdef01234567"
}
module "own" {
  source = "./modules/own"
}
module "vpc" {
  source = "terraform-aws-modules/vpc/aws"
  version = "5.1.0"
}
