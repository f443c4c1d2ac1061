#!/bin/sh
# Solves the workshop in its workbench: the steps that are named as arguments, which are the ids of its checks, or all. Each
# counts when compose.yaml is applied afterwards.
set -eu

write_server() {
  mkdir -p app
  cat > app/server.js <<'END'
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const { createServer } = require('node:http');

const file = '/data/orders.txt';
const orders = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);

createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  try {
    if (request.method === 'POST') appendFileSync(file, `${body.trim()}\n`);
    const answer = { service: 'orders', shop: process.env.SHOP, path: request.url, orders: orders() };
    response.end(`${JSON.stringify(answer)}\n`);
  } catch (error) {
    console.error(error.message);
    response.writeHead(500).end('this order cannot be kept\n');
  }
}).listen(3000);
process.on('SIGTERM', () => process.exit(0));
END
}

write_configuration() {
  mkdir -p nginx
  cat > nginx/nginx.conf <<'END'
user nginx;
pid /run/nginx.pid;
error_log /dev/stderr;

events {
}

http {
  include /etc/nginx/mime.types;
  access_log /dev/stdout;

  server {
    listen 80;
    root /usr/share/nginx/html;

    location /orders/ {
      proxy_pass http://orders:3000/;
    }
  }
}
END
}

step() {
  case $1 in
    web) printf '%s\n' 'services:' '  web:' '    image: nginx:alpine' > compose.yaml ;;
    page)
      mkdir -p html
      echo '<h1>Welcome to the print shop</h1>' > html/index.html
      printf '%s\n' '    volumes:' '      - ./html:/usr/share/nginx/html' >> compose.yaml
      ;;
    orders)
      write_server
      cat >> compose.yaml <<'END'

  orders:
    image: node:18-alpine
    working_dir: /app
    command: node server.js
    volumes:
      - ./app:/app:ro
END
      ;;
    settings) printf '%s\n' '    environment:' '      SHOP: The print shop' >> compose.yaml ;;
    volume)
      sed -i 's/^      - \.\/app:\/app:ro$/&\n      - orders:\/data/' compose.yaml
      printf '%s\n' '' 'volumes:' '  orders:' >> compose.yaml
      ;;
    proxy)
      write_configuration
      sed -i 's/^  web:$/&\n    command: nginx -c \/srv\/nginx\/nginx.conf -g "daemon off;"\n    depends_on: [orders]/' compose.yaml
      sed -i 's/^      - \.\/html:.*$/&\n      - .\/nginx:\/srv\/nginx:ro/' compose.yaml
      ;;
    *) echo "there is no step $1" >&2 && return 1 ;;
  esac
}

[ $# -gt 0 ] || set -- web page orders settings volume proxy
cd /workspace
for name in "$@"; do
  step "$name"
done
