resource "aws_sagemaker_flow_definition" "main" {
  flow_definition_name = "f"
  human_loop_config {
    workteam_arn = "arn:aws:sagemaker:eu-west-1:394669845002:workteam/public-crowd/default"
  }
}
