resource "aws_iam_role_policy" "train" {
  name = "train"
  role = aws_iam_role.train.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::corp-data/*" }]
  })
}
