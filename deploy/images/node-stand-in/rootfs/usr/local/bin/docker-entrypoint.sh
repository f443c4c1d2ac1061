#!/bin/sh
# What is an option, or no command but a script, is for node: `command: server.js` is `node server.js`.
set -e

if [ "${1#-}" != "$1" ] || [ -z "$(command -v "$1")" ] || { [ -f "$1" ] && ! [ -x "$1" ]; }; then
  set -- node "$@"
fi
exec "$@"
