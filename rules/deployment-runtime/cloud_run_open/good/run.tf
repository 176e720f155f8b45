resource "google_cloud_run_service_iam_member" "main" {
  service = "predict"
  role = "roles/run.invoker"
  member = "serviceAccount:web@p.iam.gserviceaccount.com"
}
