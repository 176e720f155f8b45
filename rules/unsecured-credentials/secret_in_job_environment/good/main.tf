resource "aws_lambda_function" "main" {
  function_name = "f"
  environment {
    variables = {
      OPENAI_API_KEY = data.aws_ssm_parameter.key.value
    }
  }
}
