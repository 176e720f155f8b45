import pooch
p = pooch.retrieve('https://example.org/d.csv', known_hash='sha256:0123')
