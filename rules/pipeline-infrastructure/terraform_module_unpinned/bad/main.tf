module "gpu" {
  source = "git::https://example.com/gpu.git?ref=main"
}
