resource "azurerm_cognitive_account" "main" {
  name = "openai"
  kind = "OpenAI"
  local_auth_enabled = true
}
