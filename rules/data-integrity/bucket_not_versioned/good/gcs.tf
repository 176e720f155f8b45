resource "google_storage_bucket" "main" {
  name = "models"
  versioning {
    enabled = true
  }
}
