resource "databricks_cluster" "main" {
  cluster_name = "c"
  init_scripts {
    dbfs {
      destination = "dbfs:/init.sh"
    }
  }
}
