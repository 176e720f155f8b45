resource "aws_msk_cluster" "main" {
  cluster_name = "f"
  client_authentication {
    unauthenticated = false
    sasl {
      iam = true
    }
  }
}
