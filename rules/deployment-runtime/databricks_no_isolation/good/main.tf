resource "databricks_cluster" "main" {
  cluster_name = "c"
  data_security_mode = "USER_ISOLATION"
}
