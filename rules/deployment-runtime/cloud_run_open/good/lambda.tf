resource "aws_lambda_function_url" "main" {
  function_name = "predict"
  authorization_type = "AWS_IAM"
}
