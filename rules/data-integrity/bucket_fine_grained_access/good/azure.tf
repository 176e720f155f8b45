resource "azurerm_storage_account" "main" {
  name = "data"
  allow_nested_items_to_be_public = false
}
