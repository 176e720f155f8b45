resource "google_storage_bucket" "main" {
  name = "raw"
  soft_delete_policy {
    retention_duration_seconds = 0
  }
}
