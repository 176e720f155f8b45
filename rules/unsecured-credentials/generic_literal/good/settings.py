internal_secret = os.environ["INTERNAL_SECRET"]
password = "changeme-please"
