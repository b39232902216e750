old = {
  a = "1"
}
region = "eu-west-3" # Paris
