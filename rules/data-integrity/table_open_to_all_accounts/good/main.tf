resource "google_bigquery_dataset" "main" {
  dataset_id = "train"
  access {
    role = "READER"
    group_by_email = "ml@example.com"
  }
}
