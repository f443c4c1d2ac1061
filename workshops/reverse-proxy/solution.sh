#!/bin/sh
# Solves the workshop in its workbench: the steps that are named as arguments, which are the ids of its checks, or all.
set -eu

configuration=/workspace/proxy/nginx.conf

# Waits for the first answer on a port.
wait_for() {
  curl --silent --output /dev/null --retry 20 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$1/"
}

# Starts a copy of the service.
start_service() {
  python3 greeter.py "$1" > /dev/null 2>&1 &
  wait_for "$1"
}

# Changes the configuration by a script for sed, and lets nginx read it again.
change() {
  sed -i "$1" "$configuration"
  nginx -c "$configuration" -s reload
}

write_service() {
  cat > greeter.py << 'PYTHON'
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

port = int(sys.argv[1])


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        answer = {
            "service": "greeter",
            "port": port,
            "path": self.path,
            "host": self.headers["Host"],
            "client": self.headers["X-Real-IP"],
        }
        body = (json.dumps(answer) + "\n").encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", port), Greeter).serve_forever()
PYTHON
}

write_configuration() {
  cat > "$configuration" << 'NGINX'
pid /tmp/proxy.pid;
error_log /workspace/proxy/error.log;

events {
}

http {
  access_log off;
  proxy_temp_path /tmp/proxy;
  client_body_temp_path /tmp/body;

  server {
    listen 8080;
    root /workspace/proxy/site;
  }
}
NGINX
}

step() {
  case $1 in
    service)
      write_service
      start_service 8001
      ;;
    site)
      echo '<h1>Welcome to my site</h1>' > site/index.html
      write_configuration
      nginx -c "$configuration" 2> /dev/null
      wait_for 8080
      ;;
    proxy) change 's|^    root .*|&\n    location /api/ {\n      proxy_pass http://127.0.0.1:8001/;\n    }|' ;;
    headers)
      change 's|^      proxy_pass .*|&\n      proxy_set_header Host $host;\n      proxy_set_header X-Real-IP $remote_addr;|'
      ;;
    balance)
      start_service 8002
      change 's|^  server {|  upstream greeters {\n    server 127.0.0.1:8001;\n    server 127.0.0.1:8002;\n  }\n&|
        s|http://127.0.0.1:8001/|http://greeters/|'
      ;;
    refuse) change 's|^    root .*|&\n    location /api/admin {\n      return 403;\n    }|' ;;
    log) change 's|access_log off|access_log /workspace/proxy/access.log|' ;;
    *) echo "there is no step $1" >&2 && return 1 ;;
  esac
}

[ $# -gt 0 ] || set -- service site proxy headers balance refuse log
mkdir -p /workspace/proxy/site
cd /workspace/proxy
for name in "$@"; do step "$name"; done
