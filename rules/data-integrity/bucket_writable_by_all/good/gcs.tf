resource "google_storage_bucket_iam_binding" "main" {
  bucket = "models"
  role = "roles/storage.objectAdmin"
  members = ["serviceAccount:train@p.iam.gserviceaccount.com"]
}
