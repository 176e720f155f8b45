resource "google_project_iam_member" "main" {
  role = "roles/aiplatform.user"
  member = "allAuthenticatedUsers"
}
