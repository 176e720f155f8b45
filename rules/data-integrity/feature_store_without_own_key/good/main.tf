resource "aws_sagemaker_feature_group" "main" {
  feature_group_name = "f"
  offline_store_config {
    s3_storage_config {
      s3_uri = "s3://b/f"
      kms_key_id = "k"
    }
  }
}
