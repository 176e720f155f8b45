from http.server import BaseHTTPRequestHandler, HTTPServer, SimpleHTTPRequestHandler


class Health(BaseHTTPRequestHandler):
    pass


HTTPServer(("0.0.0.0", 8000), Health).serve_forever()
HTTPServer(("127.0.0.1", 8000), SimpleHTTPRequestHandler).serve_forever()
