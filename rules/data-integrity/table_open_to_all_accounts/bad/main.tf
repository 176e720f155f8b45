resource "google_bigquery_dataset" "main" {
  dataset_id = "train"
  access {
    role = "READER"
    special_group = "allAuthenticatedUsers"
  }
}
