resource "aws_eks_cluster" "main" {
  name = "ml"
  enabled_cluster_log_types = ["audit", "api"]
}
