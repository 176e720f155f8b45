resource "google_compute_instance" "main" {
  name = "gpu"
  metadata = {
    serial-port-enable = "TRUE"
  }
}
