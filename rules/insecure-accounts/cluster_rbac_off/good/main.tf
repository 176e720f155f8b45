resource "google_container_cluster" "main" {
  name = "ml"
  enable_legacy_abac = false
}
