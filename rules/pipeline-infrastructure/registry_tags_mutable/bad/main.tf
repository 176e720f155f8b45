resource "aws_ecr_repository" "main" {
  name = "serve"
  image_tag_mutability = "MUTABLE"
}
