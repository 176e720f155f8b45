resource "azurerm_storage_account" "main" {
  name = "mldata"
  shared_access_key_enabled = false
}
