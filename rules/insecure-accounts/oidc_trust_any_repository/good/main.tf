resource "google_iam_workload_identity_pool_provider" "main" {
  workload_identity_pool_id = "ci"
  attribute_condition = "assertion.repository == 'a/b'"
  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}
