internal_secret = "k7Q2mXv9Lp4Tz1Rw8Nc5"
