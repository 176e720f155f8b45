resource "azurerm_kubernetes_cluster_node_pool" "main" {
  name = "gpu"
  host_encryption_enabled = true
}
