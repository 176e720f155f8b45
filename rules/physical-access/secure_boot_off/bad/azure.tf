resource "azurerm_linux_virtual_machine" "main" {
  name = "gpu"
  vtpm_enabled = false
}
