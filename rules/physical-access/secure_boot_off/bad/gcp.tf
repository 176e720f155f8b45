resource "google_compute_instance" "main" {
  name = "gpu"
  shielded_instance_config {
    enable_secure_boot = false
  }
}
