# Which zones there are.
zones = {
  a = 1
  b = 2
}
