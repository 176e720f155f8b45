resource "aws_lambda_function" "main" {
  function_name = "f"
  environment {
    variables = {
      OPENAI_API_KEY = "not-a-real-key-0001"
    }
  }
}
