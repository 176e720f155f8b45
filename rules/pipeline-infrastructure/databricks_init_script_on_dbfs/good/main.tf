resource "databricks_cluster" "main" {
  cluster_name = "c"
  init_scripts {
    volumes {
      destination = "/Volumes/a/b/init.sh"
    }
  }
}
