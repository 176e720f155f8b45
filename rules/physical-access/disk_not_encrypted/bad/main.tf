resource "aws_instance" "main" {
  instance_type = "p4d.24xlarge"
  root_block_device {
    encrypted = false
  }
}
