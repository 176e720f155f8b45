resource "aws_sagemaker_notebook_instance" "main" {
  name = "n"
  kms_key_id = "arn:aws:kms:eu-west-1:1:key/k"
}
