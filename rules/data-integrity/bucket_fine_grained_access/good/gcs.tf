resource "google_storage_bucket" "main" {
  name = "data"
  uniform_bucket_level_access = true
}
