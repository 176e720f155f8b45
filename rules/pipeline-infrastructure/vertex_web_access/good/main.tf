resource "google_vertex_ai_custom_job" "main" {
  display_name = "t"
  job_spec {
    enable_web_access = false
  }
}
