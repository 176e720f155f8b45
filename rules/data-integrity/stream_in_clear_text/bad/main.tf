resource "aws_msk_cluster" "main" {
  cluster_name = "f"
  encryption_info {
    encryption_in_transit {
      client_broker = "PLAINTEXT"
    }
  }
}
