resource "google_storage_bucket_iam_binding" "main" {
  bucket = "site"
  role = "roles/storage.objectViewer"
  members = ["allUsers"]
}
