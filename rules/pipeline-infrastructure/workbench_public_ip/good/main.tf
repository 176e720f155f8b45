resource "google_notebooks_instance" "main" {
  name = "n"
  no_public_ip = true
}
