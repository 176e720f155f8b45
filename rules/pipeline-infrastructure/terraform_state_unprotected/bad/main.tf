terraform {
  backend "http" {
    address = "http://state.internal/ml"
  }
}
