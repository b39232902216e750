given = ["one", "two"]
