#!/bin/sh
# Solves the workshop in its workbench: the steps that are named as arguments, which are the ids of its checks, or all. What
# changes compose.yaml counts when the file is applied afterwards.
set -eu

step() {
  case $1 in
    page) sed -i 's/Closed today\./Open all day./' html/index.html ;;
    books) echo '["Frankenstein", "Middlemarch", "Dune"]' > app/books.json ;;
    greeting) sed -i 's/GREETING: Hello/GREETING: Bonjour/' compose.yaml ;;
    help)
      mkdir -p help
      echo '<h1>How to order</h1>' > help/index.html
      cat >> compose.yaml <<'END'

  help:
    image: nginx:alpine
    volumes:
      - ./help:/usr/share/nginx/html:ro
END
      ;;
    route)
      awk '/location \/api\// {
        print "    location /help/ {"
        print "      set $help help;"
        print "      rewrite ^/help(/.*)$ $1 break;"
        print "      proxy_pass http://$help;"
        print "    }"
        print ""
      } { print }' nginx/nginx.conf > nginx/new.conf
      mv nginx/new.conf nginx/nginx.conf
      sed -i 's/^  web:$/  web:\n    labels: { configuration: "2" }/' compose.yaml
      ;;
    *) echo "there is no step $1" >&2 && return 1 ;;
  esac
}

[ $# -gt 0 ] || set -- page books greeting help route
cd /workspace
for name in "$@"; do
  step "$name"
done
