resource "aws_iam_role_policy_attachment" "main" {
  role = "sagemaker"
  policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
}
