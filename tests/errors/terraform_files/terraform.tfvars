size = upper("a")
