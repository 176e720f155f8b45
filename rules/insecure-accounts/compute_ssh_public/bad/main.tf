resource "azurerm_machine_learning_compute_cluster" "main" {
  name = "c"
  ssh_public_access_enabled = true
}
