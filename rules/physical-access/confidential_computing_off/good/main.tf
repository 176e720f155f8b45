resource "google_compute_instance" "main" {
  name = "gpu"
  confidential_instance_config {
    enable_confidential_compute = true
  }
}
